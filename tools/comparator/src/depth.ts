import type { AttributesByLevel } from './attributes.ts';
import { identityKeys } from './identity.ts';
import type { Level } from './side.ts';

/** How deep is looked, and at which attributes beside presence. */
export interface Depth {
  readonly level: Level;
  readonly attributes: AttributesByLevel;
}

export const hasSeries = ({ level }: Depth): boolean => level !== 'Study';
export const hasInstances = ({ level }: Depth): boolean => level === 'Instance' || level === 'Hash';

/** What both sides are asked to tell of a study. */
export const studyKeys = ({ attributes }: Depth): string[] => [
  ...new Set([
    'StudyInstanceUID',
    'StudyDate',
    'NumberOfStudyRelatedInstances',
    ...identityKeys,
    ...attributes.study,
  ]),
];

/** What both sides are asked to tell of a series, beside its UIDs. */
export const seriesKeys = ({ attributes }: Depth): readonly string[] => attributes.series;

/** What both sides are asked to tell of an instance, beside its UIDs. */
export const instanceKeys = ({ attributes }: Depth): readonly string[] => attributes.instance;
