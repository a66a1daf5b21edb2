import type { ItemGroup, WorkView } from '@orthanc-tools/tool-runtime';
import type { LedgerView } from '@orthanc-tools/work-ledger';
import { type QuarantineNote, daysLeft } from '../quarantine/quarantine-state.ts';
import {
  type BegunNote,
  type FailureNote,
  type RunNote,
  type RunTotals,
  readNotes,
} from './cleaner-memory.ts';

/**
 * For `status`: studies deleted, in quarantine, begun, and those that the last run could not delete.
 * @param days of the quarantine, where they were given; 0 for those that each study was given
 */
export function workViewOf(ledger: LedgerView, days: number): WorkView {
  const noted = readNotes<QuarantineNote>(ledger, 'quarantine');
  const failed = readNotes<FailureNote>(ledger, 'failed');
  const rows = [...failed].map(([key, failure]) => ({ key, ...failure, attempts: 1, parts: [] }));
  return {
    tally: () => tallyOf(ledger, noted, failed),
    setAsideRows: ({ limit, after }) => {
      const from = after === undefined ? 0 : rows.findIndex(({ key }) => key === after) + 1;
      return rows.slice(from, from + limit);
    },
    groups: (nowMs) => [...groupsOf(noted, days, nowMs), lastRunOf(ledger)],
    // Each run plans anew, and with that everything that the one before could not delete.
    requeue: ({ all, keys = [], codes = [] }) =>
      rows.filter(({ key, code }) => all === true || keys.includes(key) || codes.includes(code)).length,
    isHeld: () => ledger.isHeld(),
    [Symbol.dispose]: () => {
      ledger[Symbol.dispose]();
    },
  };
}

function tallyOf(
  ledger: LedgerView,
  noted: ReadonlyMap<string, QuarantineNote>,
  failed: ReadonlyMap<string, FailureNote>,
): ReturnType<WorkView['tally']> {
  const deleted = readNotes<RunTotals>(ledger, 'totals').get('deleted');
  const quarantine = [...noted.values()];
  const waiting = quarantine.filter(({ isReleased }) => !isReleased);
  const released = quarantine.length - waiting.length;
  return {
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
    ...(waiting.length > 0 && { oldestWaitingAt: Math.min(...waiting.map(({ since }) => since)) }),
  };
}

function groupsOf(noted: ReadonlyMap<string, QuarantineNote>, days: number, now: number): ItemGroup[] {
  const [waiting, objected]: [ItemGroup['items'][number][], ItemGroup['items'][number][]] = [[], []];
  for (const [key, note] of noted) {
    const since = new Date(note.since).toISOString();
    const wanted = days > 0 ? days : note.days;
    if (note.isReleased) objected.push({ key, since });
    else
      waiting.push({
        key,
        ...(wanted !== undefined && { daysLeft: daysLeft(note.since, wanted, now) }),
        since,
        ...(note.label !== undefined && { label: note.label }),
      });
  }
  return [
    { title: 'in quarantine', items: waiting },
    { title: 'kept, as its label was taken off', items: objected },
  ];
}

function lastRunOf(ledger: LedgerView): ItemGroup {
  const items = [...readNotes<RunNote>(ledger, 'run').values()].map(({ result, at, message }) => ({
    key: result,
    at: new Date(at).toISOString(),
    ...(message !== undefined && { message }),
  }));
  return { title: 'last run', items };
}

function countsOf(words: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(words, (word) => word);
  return Object.fromEntries([...groups].map(([word, { length }]) => [word, length]));
}
