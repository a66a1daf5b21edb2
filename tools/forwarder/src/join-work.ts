import type { WorkTally, WorkView } from '@orthanc-tools/tool-runtime';
import type { NamedView } from './ledger-family.ts';

/**
 * The ledgers as one, for `status` and `requeue`. Keys begin with their destination's name: the same unit may wait at one
 * and be set aside at another. What is done is counted at the destinations.
 */
export function joinWork(views: readonly NamedView[]): WorkView {
  return {
    tally: () => views.map(({ stage, view }) => labelled(stage, view.tally())).reduce(addTallies),
    setAsideRows: ({ limit }) =>
      views
        .flatMap(({ stage, view }) =>
          view.setAsideRows({ limit }).map((row) => ({ ...row, key: `${stage}/${row.key}` })),
        )
        .toSorted((a, b) => a.at - b.at)
        .slice(0, limit),
    requeue: ({ all, codes, keys }) =>
      views
        .map(({ stage, view }) => {
          const own = keys
            ?.filter((key) => key.startsWith(`${stage}/`))
            .map((key) => key.slice(stage.length + 1));
          if (keys !== undefined && own?.length === 0) return 0;
          return view.requeue({
            ...(all !== undefined && { all }),
            ...(codes !== undefined && { codes }),
            ...(own !== undefined && { keys: own }),
          });
        })
        .reduce((sum, count) => sum + count, 0),
    isHeld: () => views.some(({ view }) => view.isHeld()),
    [Symbol.dispose]() {
      for (const { view } of views) view[Symbol.dispose]();
    },
  };
}

/** What the gate and the deletion have done are steps on the way; instances count where they were sent. */
function labelled(stage: string, tally: WorkTally): WorkTally {
  if (stage === 'inbox' || stage === 'deletion')
    return {
      ...tally,
      done: 0,
      parts: 0,
      bytes: 0,
      byOutcome: prefixed(stage, tally.byOutcome),
      byProof: {},
    };
  return { ...tally, byOutcome: prefixed(stage, tally.byOutcome) };
}

const prefixed = (stage: string, counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${stage}: ${name}`, count]));

function addTallies(a: WorkTally, b: WorkTally): WorkTally {
  const oldest = Math.min(a.oldestWaitingAt ?? Infinity, b.oldestWaitingAt ?? Infinity);
  return {
    waiting: a.waiting + b.waiting,
    inHand: a.inHand + b.inHand,
    done: a.done + b.done,
    setAside: a.setAside + b.setAside,
    parts: a.parts + b.parts,
    bytes: a.bytes + b.bytes,
    exceptionParts: a.exceptionParts + b.exceptionParts,
    byOutcome: { ...a.byOutcome, ...b.byOutcome },
    byProof: addBy(a.byProof, b.byProof, (x, y) => ({ items: x.items + y.items, parts: x.parts + y.parts })),
    byCode: addBy(a.byCode ?? {}, b.byCode ?? {}, (x, y) => x + y),
    ...(oldest < Infinity && { oldestWaitingAt: oldest }),
  };
}

function addBy<Value>(
  a: Readonly<Record<string, Value>>,
  b: Readonly<Record<string, Value>>,
  add: (x: Value, y: Value) => Value,
): Record<string, Value> {
  const sum = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const known = sum[key];
    sum[key] = known === undefined ? value : add(known, value);
  }
  return sum;
}
