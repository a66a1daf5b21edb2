/** Study, series or instance: what an item is about. */
export type ItemLevel = 'study' | 'series' | 'instance';

/** As rclone has them, with Orthanc as the source and the other side as the destination. */
export const symbols = {
  equal: '=',
  onlyInOrthanc: '+',
  onlyThere: '-',
  differs: '*',
  unknown: '!',
} as const;

export type State = keyof typeof symbols;

/** An attribute that is not the same on both sides. Patient data, if somebody asked for such an attribute. */
export interface AttributeDifference {
  readonly keyword: string;
  readonly here: string;
  readonly there: string;
}

/** One thing that was compared, and what came of it; a line of each output. */
export interface Item {
  readonly state: State;
  readonly level: ItemLevel;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid?: string | undefined;
  readonly sopInstanceUid?: string | undefined;
  /** Study Date (0008,0020), `YYYYMMDD`; empty where neither side tells one. Of what failed, the days that failed. */
  readonly studyDate: string;
  /** Stable and upper case; see `codes`. */
  readonly code?: string | undefined;
  /** For people. */
  readonly message?: string | undefined;
  /** How many instances it stands for, where that is known. */
  readonly instances?: number | undefined;
  readonly attributes?: readonly AttributeDifference[] | undefined;
  /** How it was found before it was repaired; `state` tells how it is now. */
  readonly was?: State | undefined;
  /** Orthanc's identifier, for links. */
  readonly orthancId?: string | undefined;
}

/** The code of an item where the two sides speak of two persons, or one of them does. */
export const identityConflict = 'IDENTITY_CONFLICT';

/** Whether the two sides are known not to be the same here. */
export const isDifference = ({ state }: Item): boolean => state !== 'equal' && state !== 'unknown';
