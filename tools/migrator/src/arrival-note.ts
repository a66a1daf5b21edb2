/**
 * How many images of a study were there before this migration fetched any: that they are the same, nobody has said. What
 * came since is its own, also after a crash, or when the study is looked at again.
 */
import type { ListedStudy } from '@orthanc-tools/study-search';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { type HeldImages, compareImages } from './compare-images.ts';

/** Whose the images of a study are where it arrives. */
export interface Arrived {
  /** There before this migration, or brought by others since it answered for the study. */
  readonly foreign: number;
  readonly own: number;
}

/** Without `own` until the study was answered for. */
type ArrivalNote = Pick<Arrived, 'foreign'> & Partial<Arrived>;

/** It sorts before what is noted of single instances, after the job in hand and the deletion that was begun. */
const therePart = '!there';
const notesBefore = 3;

/** How many of the images that are `held` are not our own; durable before anything is fetched. */
export function foreignAmong(held: number, key: string, ledger: WorkLedger): number {
  const known = noted(key, ledger);
  const foreign = foreignBy(held, known);
  if (known?.foreign === foreign && known.own === undefined) return foreign;
  note(key, { foreign }, ledger);
  ledger.flush();
  return foreign;
}

function foreignBy(held: number, known: ArrivalNote | undefined): number {
  if (known === undefined) return held;
  const before = Math.min(known.foreign, held);
  return known.own === undefined ? before : Math.max(before, held - known.own);
}

/** Nothing comes by us any more until the study is looked at again. */
export function noteAnswered(
  key: string,
  { foreign, own }: Arrived,
  ledger: Pick<WorkLedger, 'remembered' | 'remember'>,
): void {
  if (noted(key, ledger) === undefined) return;
  note(key, { foreign, own }, ledger);
}

function noted(key: string, ledger: Pick<WorkLedger, 'remembered'>): ArrivalNote | undefined {
  const found = ledger.remembered(key, { limit: notesBefore }).find(({ part }) => part === therePart);
  return found && (JSON.parse(found.note) as ArrivalNote);
}

const note = (key: string, what: ArrivalNote, ledger: Pick<WorkLedger, 'remember'>): void =>
  ledger.remember(key, [{ part: therePart, note: JSON.stringify(what) }]);

/** Images of the study that stand for some of the source: those that it names, and where it hides names, all. Pure. */
export function countHeld(study: ListedStudy, held: HeldImages, told = 0): number {
  const { proof, images } = compareImages(study, held);
  if (proof !== 'uid' || told > images) return held.size;
  const named = new Set(study.series.flatMap((series) => [...series.images]));
  return [...held.keys()].filter((uid) => named.has(uid)).length;
}
