import type { Failure } from '@orthanc-tools/failures';
import type { Depth } from './depth.ts';
import type { Item } from './item.ts';
import type { Glimpse, Side, SideStudy } from './side.ts';

/** A study that at least one side has. */
export interface StudyPair {
  readonly uid: string;
  readonly here: SideStudy | undefined;
  readonly there: SideStudy | undefined;
  /** Why a side that has not told of it could not be asked: nobody knows whether it is there. */
  readonly doubt?: Failure | undefined;
}

/** What came of one study. */
export interface StudyVerdict {
  readonly uid: string;
  /** Of Orthanc, or else of the other side. */
  readonly date: string;
  /** Empty: both sides have the same. */
  readonly items: readonly Item[];
  /** Instances that both sides have; at Study and Series level as many as both count. */
  readonly commonInstances: number;
  readonly orthancId: string | undefined;
  /** What both sides told when they were asked for this study alone; undefined where one did not have it, or no need. */
  readonly seen?: Glimpse | undefined;
  /** It could not be looked at, so that what was known before still stands. */
  readonly isUnseen?: boolean;
}

/** Told, and no difference. */
export interface Note {
  readonly code: string;
  readonly message: string;
}

export interface Comparison {
  readonly here: Side;
  readonly there: Side;
  readonly depth: Depth;
  /** `onlyInOrthanc` is not looked for. */
  readonly ignoresMissingThere: boolean;
  /** `onlyThere` is not looked for. */
  readonly ignoresMissingHere: boolean;
  /** Whether two files that Orthancs hold are the same; at level Hash only. */
  haveSameContent(hereId: string, thereId: string): Promise<boolean>;
  note(note: Note, times?: number): void;
}

/** Who only wants one direction is not told of the other. */
export const isWanted = ({ state }: Item, { ignoresMissingHere, ignoresMissingThere }: Comparison): boolean =>
  !(state === 'onlyInOrthanc' && ignoresMissingThere) && !(state === 'onlyThere' && ignoresMissingHere);
