import type { WorkView } from '@orthanc-tools/tool-runtime';
import type { LedgerView } from '@orthanc-tools/work-ledger';
import type { QuarantineNote } from '../quarantine/quarantine-state.ts';
import { type BegunNote, type FailureNote, type RunTotals, readNotes } from './cleaner-memory.ts';

/** For `status`: studies deleted, in quarantine, begun, and those that the last run could not delete. */
export function workViewOf(ledger: LedgerView): WorkView {
  const quarantine = [...readNotes<QuarantineNote>(ledger, 'quarantine').values()];
  const waiting = quarantine.filter(({ isReleased }) => !isReleased);
  const failed = readNotes<FailureNote>(ledger, 'failed');
  const deleted = readNotes<RunTotals>(ledger, 'totals').get('deleted');
  const oldest = Math.min(...waiting.map(({ since }) => since));
  const released = quarantine.length - waiting.length;
  const rows = [...failed].map(([key, failure]) => ({ key, ...failure, attempts: 1, parts: [] }));
  return {
    tally: () => ({
      waiting: waiting.length,
      inHand: readNotes<BegunNote>(ledger, 'begun').size,
      done: deleted?.studies ?? 0,
      setAside: failed.size,
      parts: deleted?.instances ?? 0,
      bytes: deleted?.bytes ?? 0,
      exceptionParts: 0,
      byOutcome: {
        ...(deleted !== undefined && { deleted: deleted.studies }),
        ...(released > 0 && { 'taken out of quarantine': released }),
      },
      byProof: {},
      byCode: countsOf([...failed.values()].map(({ code }) => code)),
      ...(waiting.length > 0 && { oldestWaitingAt: oldest }),
    }),
    setAsideRows: ({ limit, after }) => {
      const from = after === undefined ? 0 : rows.findIndex(({ key }) => key === after) + 1;
      return rows.slice(from, from + limit);
    },
    // Each run plans anew, and with that everything that the one before could not delete.
    requeue: ({ all, keys = [], codes = [] }) =>
      rows.filter(({ key, code }) => all === true || keys.includes(key) || codes.includes(code)).length,
    isHeld: () => ledger.isHeld(),
    [Symbol.dispose]: () => {
      ledger[Symbol.dispose]();
    },
  };
}

function countsOf(words: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(words, (word) => word);
  return Object.fromEntries([...groups].map(([word, { length }]) => [word, length]));
}
