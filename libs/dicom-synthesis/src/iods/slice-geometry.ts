import type { VaryingValue } from './iod.ts';

const field = (value: number): string => value.toFixed(2).padStart(8, ' ').trim().padEnd(8, ' ');

export interface SliceGeometry {
  /** Millimetres. */
  readonly fieldOfView: number;
  readonly spacing: number;
  readonly firstSlice: number;
}

/** Position of axial slices, in the patient's coordinates (PS3.3 C.7.6.2). */
export const axialPositions = ({ fieldOfView, spacing, firstSlice }: SliceGeometry): VaryingValue[] => {
  const corner = field(-fieldOfView / 2);
  const locationOf = (index: number): string => field(firstSlice + index * spacing);
  return [
    {
      keyword: 'ImagePositionPatient',
      width: 26,
      valueOf: (index) => `${corner}\\${corner}\\${locationOf(index)}`,
    },
    { keyword: 'SliceLocation', width: 8, valueOf: locationOf },
  ];
};
