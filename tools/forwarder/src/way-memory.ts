import type { WorkLedger } from '@orthanc-tools/work-ledger';

/** As much of a ledger as holds what is known of instances at one remote. */
export type Memory = Pick<WorkLedger, 'remember' | 'remembered' | 'forget' | 'flush'>;

/** Sorts after every identifier of Orthanc, and after all else that is remembered beside them. */
const mark = 'via:';

/**
 * What is known of instances at the alternate, which lies in the destination's ledger beside what is known of them at
 * the first way: what was sent to the one says nothing of the other. By its address, so that another alternate under the
 * same name begins with nothing.
 */
export function alternateMemory(ledger: Memory, target: string): Memory {
  const prefix = `${mark}${encodeURIComponent(target)}:`;
  return {
    remember: (key, notes) => {
      ledger.remember(key, prefixed(notes, prefix));
    },
    remembered: (key, { limit, after = '' }) =>
      ledger
        .remembered(key, { limit, after: `${prefix}${after}` })
        .filter(({ part }) => part.startsWith(prefix))
        .map(({ part, note }) => ({ part: part.slice(prefix.length), note })),
    forget: (key, parts) => {
      ledger.forget(
        key,
        [...parts].map((part) => `${prefix}${part}`),
      );
    },
    flush: () => {
      ledger.flush();
    },
  };
}

/** The same ledger without what is known of alternates. */
export function firstMemory(ledger: Memory): Memory {
  return {
    remember: (key, notes) => {
      ledger.remember(key, notes);
    },
    remembered: (key, page) => ledger.remembered(key, page).filter(({ part }) => !part.startsWith(mark)),
    forget: (key, parts) => {
      ledger.forget(key, parts);
    },
    flush: () => {
      ledger.flush();
    },
  };
}

function* prefixed(notes: Parameters<Memory['remember']>[1], prefix: string) {
  for (const { part, note } of notes) yield { part: `${prefix}${part}`, note };
}
