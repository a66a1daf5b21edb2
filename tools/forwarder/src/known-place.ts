import { asFailure } from '@orthanc-tools/failures';

/** Whether the change log of the inbox is still the one that was read, as far as that is known without asking. */
interface KnownPlace {
  readonly isKnown: boolean;
  /** The log was read to its end. */
  noteRead(): void;
  /** `since`: when the reading that has failed began (ms since 1970). */
  noteFailed(error: unknown, since: number): void;
}

/** In less time nobody stops a server, gives it another database and starts it again. */
const momentMs = 2000;

/**
 * The inbox may come back with another database after it was away; a single answer that failed, as of a proxy that was
 * busy, is no reason to look for the place anew.
 */
export function knownPlace(now: () => number): KnownPlace {
  let isKnown = false;
  let failingSince: number | undefined;
  return {
    get isKnown() {
      return isKnown && (failingSince === undefined || now() - failingSince <= momentMs);
    },
    noteRead() {
      isKnown = true;
      failingSince = undefined;
    },
    noteFailed(error, since) {
      // Nobody listened there: it was stopped.
      if (asFailure(error)?.code === 'ORTHANC_UNREACHABLE') isKnown = false;
      failingSince ??= since;
    },
  };
}
