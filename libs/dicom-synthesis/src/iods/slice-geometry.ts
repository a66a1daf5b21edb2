import type { VaryingValue } from './iod.ts';

const usualWidth = 8;
const fieldOf =
  (width: number) =>
  (value: number): string =>
    value.toFixed(2).padEnd(width, ' ');

export interface SliceGeometry {
  /** Millimetres. */
  readonly fieldOfView: number;
  readonly spacing: number;
  readonly firstSlice: number;
  readonly instances: number;
}

/** Position of axial slices, in the patient's coordinates (PS3.3 C.7.6.2). */
export const axialPositions = ({
  fieldOfView,
  spacing,
  firstSlice,
  instances,
}: SliceGeometry): VaryingValue[] => {
  const last = firstSlice + instances * spacing;
  const width = Math.max(usualWidth, last.toFixed(2).length);
  const field = fieldOf(width);
  const corner = fieldOf(usualWidth)(-fieldOfView / 2);
  const locationOf = (index: number): string => field(firstSlice + index * spacing);
  return [
    {
      keyword: 'ImagePositionPatient',
      width: usualWidth * 2 + 2 + width,
      valueOf: (index) => `${corner}\\${corner}\\${locationOf(index)}`,
    },
    { keyword: 'SliceLocation', width, valueOf: locationOf },
  ];
};
