import { join } from 'node:path';
import type { MadeInstance } from './made-instance.ts';

const padded = (value: number, width: number): string => String(value).padStart(width, '0');

export const studyFolderOf = (index: number): string => `study-${padded(index + 1, 6)}`;
export const seriesFolderOf = (number: number): string => `series-${padded(number, 3)}`;
export const fileNameOf = (instanceNumber: number): string => `instance-${padded(instanceNumber, 5)}.dcm`;

/** Short names that every file system can hold; the manifest has the identifiers. */
export const fileOf = ({ inHand, seriesNumber, instance }: MadeInstance): readonly [string, string] => [
  join(studyFolderOf(inHand.study.index), seriesFolderOf(seriesNumber)),
  fileNameOf(instance.instanceNumber),
];
