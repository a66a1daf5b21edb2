import { allEnded } from '@orthanc-tools/failures';
import type { Orthanc, Resource } from '@orthanc-tools/orthanc-client';
import { type FeedContext, wantedAmong, withinHours } from '../feed-studies.ts';

interface Sweep extends FeedContext {
  readonly destination: Orthanc;
}

const levels = ['Patient', 'Study', 'Series', 'Instance'] as const;

/**
 * Looks for labels and protections that one side has and the other has not, as no change tells of them, and enters the
 * studies that they belong to. Only what is labelled is asked for, page by page.
 */
export async function sweepBelongings(sweep: Sweep): Promise<void> {
  const { belongings, source, destination, log } = sweep;
  if (belongings === undefined) return;
  let entered = 0;
  const { kinds, rules } = belongings;
  const ways = rules.removes
    ? ([
        [source, destination],
        [destination, source],
      ] as const)
    : ([[source, destination]] as const);
  for (const [from, to] of ways) {
    // Side by side: from afar each question costs a round trip.
    const [ofLabels = 0, ofProtection = 0] = await allEnded([
      kinds.has('labels') ? sweepLabels(from, to, sweep) : 0,
      kinds.has('protection') ? sweepProtection(from, to, sweep) : 0,
    ]);
    entered += ofLabels + ofProtection;
  }
  log.info('labels.swept', { studies: entered });
}

async function sweepLabels(from: Orthanc, to: Orthanc, sweep: Sweep): Promise<number> {
  const { signal } = sweep;
  const ownLabels = sweep.belongings?.ownLabels ?? new Set();
  const names = (await from.labels.names(signal)).filter((name) => !ownLabels.has(name));
  let entered = 0;
  for (const level of levels)
    for await (const page of withinHours(from.labels.given(names, level, signal), sweep)) {
      const ids = page.map(({ id }) => id);
      const facts = await to.resources.facts(level, ids, signal);
      const there = new Map(facts.map(({ id, labels }) => [id, new Set(labels)]));
      const lacking = page.filter(({ id, labels }) =>
        labels.some((label) => !ownLabels.has(label) && !there.get(id)?.has(label)),
      );
      entered += await enter(lacking, sweep);
    }
  return entered;
}

async function sweepProtection(from: Orthanc, to: Orthanc, sweep: Sweep): Promise<number> {
  const { signal } = sweep;
  let entered = 0;
  for await (const ids of withinHours(from.patients.protectedOnes(signal), sweep)) {
    if (ids.length === 0) continue;
    const there = await to.patients.protection(ids, signal);
    entered += await enter(
      ids.filter((id) => there.get(id) !== true).map((id) => ({ id })),
      sweep,
    );
  }
  return entered;
}

/** @returns how many studies were entered */
async function enter(resources: readonly Pick<Resource, 'id'>[], sweep: Sweep): Promise<number> {
  const { source, ledger, signal, wake } = sweep;
  if (resources.length === 0) return 0;
  const found = await source.studies.ofInstances(
    resources.map(({ id }) => id),
    signal,
  );
  const studies = await wantedAmong(found, sweep);
  ledger.enqueue(studies.map((key) => ({ key })));
  if (studies.length > 0) wake();
  return studies.length;
}
