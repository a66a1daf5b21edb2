import { cr } from './cr.ts';
import { ct } from './ct.ts';
import { dx } from './dx.ts';
import { encapsulatedPdf } from './encapsulated-pdf.ts';
import type { Iod } from './iod.ts';
import { mg } from './mg.ts';
import { mr } from './mr.ts';
import { pt } from './pt.ts';
import { sc } from './sc.ts';
import { sr } from './sr.ts';
import { us } from './us.ts';
import { bytesPerPixel } from '../pixels/transfer-syntax-writers.ts';

/** Everything that can be made; a new modality is a file beside this one and an entry here. */
export const catalogue: readonly Iod[] = [ct, mr, cr, dx, us, mg, pt, sc, sr, encapsulatedPdf];

/** What is made unless modalities are named: archives of slices, alike in all their parts. */
export const usualModalities: readonly string[] = [ct.modality, mr.modality];

export interface SyntheticModality extends Pick<Iod, 'modality' | 'kind'> {
  /** Of one pixel in all frames that an image may have; 0 without images. */
  readonly bytesPerPixel: number;
}

/** What can be asked for as `modalities`. */
export const syntheticModalities: readonly SyntheticModality[] = catalogue.map(
  ({ modality, kind, image }) => ({
    modality,
    kind,
    bytesPerPixel: image === undefined ? 0 : bytesPerPixel(image.bitsStored) * (image.frames?.to ?? 1),
  }),
);
