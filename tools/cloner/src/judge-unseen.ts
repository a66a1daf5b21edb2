/** What a destination says of an instance that can only be asked whether it has one of that name, if at all. */
export type Word = 'named' | 'not named' | 'unknown';

/** What we remember of it, durably. */
export interface Known {
  /** The destination was asked before we sent it, and did not name it. */
  readonly wasAbsent: boolean;
  /** It was named once it was sent, and nobody has asked since for that to be proved again. */
  readonly wasProved: boolean;
  /** A sending of it was answered with success. */
  readonly isAccepted: boolean;
}

export type UnseenVerdict =
  /** The destination names it, and did not before it was sent; by that sending, not by an earlier one. */
  | 'proved'
  /** Sent with success, or named by the destination already before: that it holds the same, nobody can say. */
  | 'accepted'
  | 'to send'
  /** Sent with success, and the destination does not name it: it may still be at work, or has not kept it. */
  | 'lost';

/** What is known of an instance before it is sent, and afterwards. Pure. */
export function judgeUnseen(word: Word, { wasAbsent, wasProved, isAccepted }: Known): UnseenVerdict {
  switch (word) {
    case 'named':
      return wasAbsent || wasProved ? 'proved' : 'accepted';
    case 'not named':
      return isAccepted ? 'lost' : 'to send';
    case 'unknown':
      return isAccepted ? 'accepted' : 'to send';
  }
}
