import { ct } from './ct.ts';
import type { Iod } from './iod.ts';
import { mr } from './mr.ts';

/** Everything that can be made; a new modality is a file beside this one and an entry here. */
export const catalogue: readonly Iod[] = [ct, mr];

/** What can be asked for as `modalities`. */
export const syntheticModalities: readonly Pick<Iod, 'modality' | 'kind'>[] = catalogue.map(
  ({ modality, kind }) => ({ modality, kind }),
);
