import { type SequenceRange, rangesWithout } from './sequence-ranges.ts';

/** Numbers that were passed over when the log was read, and under which something may still appear. */
export interface Hole extends SequenceRange {
  /** In ms since 1970. */
  readonly noticedAt: number;
  readonly askAt: number;
}

/**
 * How long something may still appear (ms). A number whose transaction was rolled back stays empty for ever, so does one
 * whose resource was deleted: the end has to be set. Orthanc gives the number near the end of a transaction of some
 * milliseconds, which may then wait for the locks of another, such as the deletion of a large patient: minutes are ample,
 * and asking so long costs about ten small questions.
 */
export const staysOpenMs = 5 * 60_000;
const firstAskAfterMs = 1000;
/** More are not kept in mind: the oldest go first, which were asked for most often. */
const mostHoles = 5000;

/** From where to where a page was read, and when. */
interface PageRead {
  /** Up to here the log had been read before. */
  readonly after: number;
  /** Up to here it has been read now. */
  readonly upTo: number;
  readonly now: number;
}

/** With what a page has passed over. What is known already beyond its beginning was noted by one who died over that page. */
export function withPassedOver(
  holes: readonly Hole[],
  passedOver: readonly SequenceRange[],
  { after, upTo, now }: PageRead,
): readonly Hole[] {
  const found = passedOver.flatMap(({ from, to }): Hole[] => {
    const range = { from: Math.max(from, after + 1), to: Math.min(to, upTo) };
    return range.from > range.to ? [] : [{ ...range, noticedAt: now, askAt: now + firstAskAfterMs }];
  });
  return [...holes.filter(({ to }) => to <= after), ...found].slice(-mostHoles);
}

/** A question costs about as much as so many entries. */
const worthOneQuestion = 200;

/** What is to be asked for by now; neighbours together, as long as they fit on a page. */
export function planReadings(holes: readonly Hole[], now: number, perPage: number): readonly SequenceRange[] {
  const readings: SequenceRange[] = [];
  for (const { from, to } of holes.filter(({ askAt }) => askAt <= now)) {
    const last = readings.at(-1);
    if (last !== undefined && from - last.to <= worthOneQuestion && to - last.from < perPage)
      readings.splice(-1, 1, { from: last.from, to });
    else readings.push({ from, to });
  }
  return readings;
}

/** What is still open after these numbers were asked for and those were found: asked for again when it is twice as old. */
export function withoutFound(
  holes: readonly Hole[],
  asked: SequenceRange,
  { found, now }: { readonly found: readonly number[]; readonly now: number },
): readonly Hole[] {
  return holes.flatMap((hole) => {
    if (hole.to < asked.from || hole.from > asked.to) return [hole];
    const unasked = hole.to > asked.to ? [{ ...hole, from: asked.to + 1 }] : [];
    const endsAt = hole.noticedAt + staysOpenMs;
    if (now >= endsAt) return unasked;
    const askAt = Math.min(endsAt, now + Math.max(firstAskAfterMs, now - hole.noticedAt));
    const open = rangesWithout(found, { from: hole.from, to: Math.min(hole.to, asked.to) });
    return [...open.map((range) => ({ ...hole, ...range, askAt })), ...unasked];
  });
}
