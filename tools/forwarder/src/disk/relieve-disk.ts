import { type WorkLedger, eachPage } from '@orthanc-tools/work-ledger';
import { rankOf } from '../priority.ts';

interface Served {
  readonly name: string;
  readonly priority: number;
  readonly ledger: Pick<WorkLedger, 'waiting' | 'hasten'>;
}

const pageSize = 5000;

/**
 * Lets go first what nothing but one sending keeps from being deleted: a unit that waits at one destination only.
 * @returns how many units wait at each destination
 */
export function hastenLastSteps(destinations: readonly Served[]): Map<string, number> {
  const waiting = new Map<string, number>();
  const places = new Map<string, number>();
  for (const { name, ledger } of destinations)
    for (const page of pagesOf(ledger)) {
      waiting.set(name, (waiting.get(name) ?? 0) + page.length);
      for (const { key } of page) places.set(key, (places.get(key) ?? 0) + 1);
    }
  // With one destination it is the last step for everything, and nothing goes before anything else.
  if (destinations.length > 1)
    for (const { ledger, priority } of destinations)
      for (const page of pagesOf(ledger)) {
        const last = page.filter(({ key }) => places.get(key) === 1);
        ledger.hasten(last.map(({ key }) => ({ key, priority: rankOf(priority, { freesSpace: true }) })));
      }
  return waiting;
}

/** Which proved units the operator lets go earlier while the disk is nearly full. */
export interface Shortening {
  readonly ledger: Pick<WorkLedger, 'waiting' | 'hasten'>;
  /** ms since 1970. */
  readonly now: number;
  /** How long what was proved is kept at present. */
  readonly keepMs: number;
  /** So many at once, the oldest first: the disk is looked at in between. */
  readonly atOnce: number;
  /** Where the last call stopped: what cannot go at present holds up nothing. */
  readonly after?: string | undefined;
}

/**
 * Lets units be deleted that were proved long enough ago for the shorter time. Whether they are still proved everywhere is
 * asked right before the deletion, as always.
 * @returns where it stopped; undefined at the end
 */
export function releaseKept({ ledger, now, keepMs, atOnce, after }: Shortening): string | undefined {
  const released: string[] = [];
  for (const page of pagesOf(ledger, after))
    for (const { key, mark } of page) {
      if (released.length === atOnce) break;
      if (mark !== '' && Number(mark) + keepMs <= now) released.push(key);
    }
  ledger.hasten(released.map((key) => ({ key, readyAt: 0 })));
  return released.length === atOnce ? released.at(-1) : undefined;
}

const pagesOf = (ledger: Pick<WorkLedger, 'waiting'>, from?: string) =>
  eachPage(
    (page) => ledger.waiting(page),
    ({ key }) => key,
    { pageSize, from },
  );
