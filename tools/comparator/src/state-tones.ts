import type { Tone } from '@orthanc-tools/html-report';
import type { State } from './item.ts';

/** How a report colours each state. */
export const tones: Readonly<Record<State, Tone>> = {
  equal: 'good',
  onlyInOrthanc: 'bad',
  onlyThere: 'bad',
  differs: 'bad',
  unknown: 'doubtful',
};
