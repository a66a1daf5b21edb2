import type { Change } from './changes.ts';
import type { Orthanc } from './orthanc.ts';

/** Where they are kept: the cursors of a ledger. */
interface Cursors {
  cursor(name: string): string | undefined;
  setCursor(name: string, value: string): void;
}

/** An entry of the change log that was read once: where it is found again, the log is still the same. */
interface Landmark {
  readonly sequence: number;
  /** What the entry said, and when. */
  readonly text: string;
}

export type Landmarks = readonly Landmark[];

/**
 * What became of the log since it was read: the newest landmark that is found again; `other` where an entry says something
 * else under the same number, as after a restored database; `unfamiliar` where nothing is left of what was read, as after
 * the log was cleared.
 */
export type Recognition = Landmark | 'other' | 'unfamiliar';

const cursor = 'landmarks';
/** An entry goes with the resource that it speaks of: several are kept, and of several pages. */
const mostKept = 16;
const ofOnePage = 4;

const landmarkOf = ({ sequence, type, id, at }: Change): Landmark => ({
  sequence,
  text: `${type} ${id} ${at}`,
});

export const readLandmarks = (ledger: Pick<Cursors, 'cursor'>): Landmarks =>
  JSON.parse(ledger.cursor(cursor) ?? '[]') as Landmarks;

export function writeLandmarks(ledger: Pick<Cursors, 'setCursor'>, landmarks: Landmarks): void {
  ledger.setCursor(cursor, JSON.stringify(landmarks));
}

/** With those of another page, the newest last; spread over the page, as neighbours often go together. */
export function withPage(known: Landmarks, changes: readonly Change[]): Landmarks {
  const step = Math.max(1, Math.floor(changes.length / ofOnePage));
  const chosen = changes.filter((_, index) => (changes.length - 1 - index) % step === 0).slice(-ofOnePage);
  return [...known, ...chosen.map(landmarkOf)].slice(-mostKept);
}

/** Without those that speak of what was deleted since: whoever finds them again has an older database before them. */
export const withoutResources = (known: Landmarks, ids: ReadonlySet<string>): Landmarks =>
  known.filter(({ text }) => !ids.has(text.split(' ')[1] ?? ''));

/** Whether this is what the newest landmark said. */
export const isNewest = (landmarks: Landmarks, change: Change | undefined): boolean =>
  change !== undefined &&
  change.sequence === landmarks.at(-1)?.sequence &&
  landmarkOf(change).text === landmarks.at(-1)?.text;

/** Looks for the landmarks in the log, the newest first, until one tells. */
export async function recognizeLog(
  source: Pick<Orthanc, 'changes'>,
  landmarks: Landmarks,
  signal: AbortSignal,
): Promise<Recognition> {
  for (const landmark of landmarks.toReversed()) {
    const { sequence, text } = landmark;
    const page = await source.changes.read({ since: sequence - 1, limit: 1, signal });
    const [found] = page.changes;
    if (found?.sequence !== sequence) continue;
    return landmarkOf(found).text === text ? landmark : 'other';
  }
  return 'unfamiliar';
}
