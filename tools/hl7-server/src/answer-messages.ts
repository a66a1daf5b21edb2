import { hash, randomUUID } from 'node:crypto';
import { asFailure, describeFailure } from '@orthanc-tools/failures';
import {
  type AcknowledgedError,
  type AcknowledgementCode,
  type Hl7Message,
  type MessageCharset,
  type MessageHeader,
  type SplitFrame,
  type Verdict,
  acknowledge,
  conditionOf,
  firstLineOf,
  hl7Failure,
  parseMessage,
  readHeader,
  splitFrame,
  wantedAnswers,
} from '@orthanc-tools/hl7-messages';
import type { ReceivedMessage } from '@orthanc-tools/mllp';
import type { Effect } from './apply-plan.ts';
import type { JournalEntry, MessageOutcome } from './journal.ts';

/** What became of a message. */
export interface Handled {
  readonly effects: readonly (Effect | 'ignored' | 'duplicate' | 'stored')[];
  readonly warnings: readonly string[];
  /** Of an earlier, equal message: they are given again. */
  readonly earlierReplies?: readonly Uint8Array[];
}

export interface MessageHandling {
  readonly fallback: MessageCharset;
  /** All answers in the original mode, whatever MSH-15 and MSH-16 say. */
  readonly forceOriginal: boolean;
  /** What is not possible now: an answer that asks for a repetition, or none, which does so too. */
  readonly onFailure: 'AE' | 'AR' | 'close';
  readonly now: () => Date;
  /** Makes the message take effect; resolves when that is durable, and the entry is in the journal with it. */
  handle(message: Hl7Message, entry: JournalEntry): Promise<Handled>;
  /** A message that had no effect. Never rejects. */
  record(entry: JournalEntry): Promise<void>;
  tell(facts: MessageFacts): void;
}

/** For the log and the metrics: no patient data. */
export interface MessageFacts {
  readonly controlId: string;
  readonly type: string;
  readonly outcome: MessageOutcome | 'duplicate' | 'unanswered';
  readonly effects: Handled['effects'];
  readonly warnings: readonly string[];
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly durationMs: number;
}

interface Received {
  readonly bytes: Buffer;
  readonly address: string;
  readonly wide: SplitFrame['wide'];
  readonly at: Date;
  readonly digest: Uint8Array;
}

/** What became of a message, and what its sender hears. */
export interface Answered {
  readonly outcome: MessageOutcome | 'unanswered';
  readonly replies: readonly Uint8Array[];
}

type Ending =
  | { readonly is: 'accepted' }
  | { readonly is: 'refused'; readonly error: AcknowledgedError; readonly isReject: boolean }
  | { readonly is: 'failed'; readonly error: AcknowledgedError };

const verdicts: Readonly<Record<Ending['is'], Verdict>> = {
  accepted: 'accepted',
  refused: 'refused',
  failed: 'not-kept',
};

/** Conditions for which another server, or another version of this one, might take the message. */
const rejecting = new Set(['messageType', 'eventCode', 'processingId', 'version']);

const internal = 'The server cannot store this now; repeat it later.';

function headerOf(bytes: Buffer): MessageHeader | undefined {
  try {
    return readHeader(firstLineOf(bytes));
  } catch {
    return undefined;
  }
}

const partOf = (header: MessageHeader | undefined, n: number): string => header?.field(n).slice(0, 200) ?? '';

/** Answers whatever comes in a frame, message by message. */
export function messageAnswerer(handling: MessageHandling) {
  const repliesFor = (
    header: MessageHeader | undefined,
    ending: Ending,
    wide: Received['wide'],
  ): Buffer[] => {
    const letter = letterOf(ending);
    const verdict = verdicts[ending.is];
    const wanted =
      header === undefined || handling.forceOriginal
        ? (['application'] as const)
        : wantedAnswers(header, verdict);
    const codes = wanted.map((one): AcknowledgementCode => `${one === 'accept' ? 'C' : 'A'}${letter}`);
    return codes.map((code) =>
      acknowledge({
        header,
        code,
        error: ending.is === 'accepted' ? undefined : ending.error,
        controlId: randomUUID().replaceAll('-', '').slice(0, 20),
        at: handling.now(),
        wide,
      }),
    );
  };
  const letterOf = (ending: Ending): 'A' | 'E' | 'R' => {
    if (ending.is === 'accepted') return 'A';
    if (ending.is === 'refused') return ending.isReject ? 'R' : 'E';
    return handling.onFailure === 'AR' ? 'R' : 'E';
  };
  const endingOf = (error: unknown, hasHeader: boolean): Ending => {
    const found = conditionOf(error);
    if (found === undefined)
      return { is: 'failed', error: { condition: 'internal', location: {}, text: internal } };
    const text = describeFailure(error).message;
    return {
      is: 'refused',
      error: { ...found, text },
      isReject: !hasHeader || rejecting.has(found.condition),
    };
  };
  const entryOf = (
    received: Received,
    header: MessageHeader | undefined,
    ending: Ending,
    replies: readonly Uint8Array[],
  ): JournalEntry => ({
    receivedAt: received.at.getTime(),
    address: received.address,
    controlId: partOf(header, 10),
    type: partOf(header, 9),
    digest: received.digest,
    content: received.bytes,
    outcome: ending.is === 'accepted' ? 'applied' : ending.is,
    condition: ending.is === 'accepted' ? undefined : ending.error.condition,
    detail: ending.is === 'accepted' ? undefined : ending.error.text,
    replies,
  });

  async function answerOne(received: Received): Promise<Answered> {
    const header = headerOf(received.bytes);
    const began = handling.now().getTime();
    const tell = (facts: Pick<MessageFacts, 'outcome'> & Partial<MessageFacts>) =>
      handling.tell({
        controlId: partOf(header, 10),
        type: partOf(header, 9),
        effects: [],
        warnings: [],
        durationMs: handling.now().getTime() - began,
        ...facts,
      });
    try {
      const message = parseMessage(received.bytes, handling.fallback);
      if (message.type.code === 'ACK' || message.segments.some(({ name }) => name === 'MSA')) {
        // To answer an answer is to talk for ever.
        tell({ outcome: 'unanswered' });
        return { outcome: 'unanswered', replies: [] };
      }
      if (message.type.code === '')
        throw hl7Failure('messageType', 'The message has no type.', { segment: 'MSH', field: 9 });
      const replies = repliesFor(header, { is: 'accepted' }, received.wide);
      const handled = await handling.handle(message, entryOf(received, header, { is: 'accepted' }, replies));
      const warnings = [
        ...handled.warnings,
        ...(message.isCharsetAsDeclared ? [] : ['CHARSET_NOT_AS_DECLARED']),
      ];
      const outcome = handled.earlierReplies === undefined ? 'applied' : 'duplicate';
      tell({ outcome, effects: handled.effects, warnings });
      return { outcome: 'applied', replies: handled.earlierReplies ?? replies };
    } catch (error) {
      return await refuse(received, header, { error, tell });
    }
  }

  async function refuse(
    received: Received,
    header: MessageHeader | undefined,
    {
      error,
      tell,
    }: { error: unknown; tell(facts: Pick<MessageFacts, 'outcome'> & Partial<MessageFacts>): void },
  ): Promise<Answered> {
    const ending = endingOf(error, header !== undefined);
    const failure = describeFailure(asFailure(error) ?? error);
    const replies = repliesFor(header, ending, received.wide);
    await handling.record(entryOf(received, header, ending, replies));
    const outcome = ending.is === 'refused' ? 'refused' : 'failed';
    // The words of an error that nobody foresaw may quote the message.
    const reason =
      failure.kind === 'defect' ? (error as Error).stack?.split('\n').slice(1, 4).join(' ') : failure.message;
    tell({ outcome, code: failure.code, reason });
    if (ending.is === 'failed' && handling.onFailure === 'close') throw error;
    return { outcome, replies };
  }

  const receivedOf = (bytes: Buffer, address: string, wide: Received['wide']): Received => ({
    bytes,
    address,
    wide,
    at: handling.now(),
    digest: Uint8Array.from(hash('sha256', bytes, 'buffer')),
  });

  /** Messages of a frame take effect in their order. */
  async function handleFrame({ bytes, address }: ReceivedMessage): Promise<readonly Answered[]> {
    const { messages, announced, wide } = splitFrame(bytes);
    const answers = await Promise.all(messages.map((one) => answerOne(receivedOf(one, address, wide))));
    if (announced !== undefined && announced !== messages.length)
      handling.tell({
        ...{ controlId: '', type: 'BTS', outcome: 'unanswered', effects: [], durationMs: 0 },
        warnings: ['BATCH_COUNT_DIFFERS'],
      });
    return answers;
  }

  return {
    handleFrame,
    /** For the listener. */
    answer: async (received: ReceivedMessage): Promise<readonly Uint8Array[]> =>
      (await handleFrame(received)).flatMap(({ replies }) => replies),
    async refuseTooLarge({ bytes }: ReceivedMessage): Promise<readonly Uint8Array[]> {
      const header = headerOf(bytes);
      const error: AcknowledgedError = {
        condition: 'internal',
        location: {},
        text: 'The message is larger than this server accepts.',
      };
      return await Promise.resolve(repliesFor(header, { is: 'refused', error, isReject: true }, undefined));
    },
  };
}
