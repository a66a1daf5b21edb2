import type { Segment } from '@orthanc-tools/hl7-messages';
import { textAt } from './field-path.ts';

interface Quantity {
  readonly codes: readonly string[];
  readonly name: RegExp;
  /** How many of the DICOM unit (kg, m) one of these is. */
  readonly units: Readonly<Record<string, number>>;
}

const weight: Quantity = {
  codes: ['29463-7', '3141-9'],
  name: /body weight/i,
  units: { '': 1, kg: 1, g: 0.001, lb: 0.453_592_37, lbs: 0.453_592_37, '[lb_av]': 0.453_592_37 },
};
const height: Quantity = {
  codes: ['8302-2', '3137-7'],
  name: /body height/i,
  units: { '': 1, m: 1, cm: 0.01, mm: 0.001, in: 0.0254, '[in_i]': 0.0254, ft: 0.3048, '[ft_i]': 0.3048 },
};

function isOf(segment: Segment, { codes, name }: Quantity): boolean {
  const [what] = segment.field(3);
  return codes.includes(textAt(what, 1)) || [1, 2].some((at) => name.test(textAt(what, at)));
}

/** As a decimal string of at most 16 characters; '' for what is no positive number, or of an unknown unit. */
function measured(segments: readonly Segment[], quantity: Quantity): string {
  const segment = segments.find((one) => isOf(one, quantity));
  const written = textAt(segment?.field(5)[0]).replace(',', '.');
  const factor = quantity.units[textAt(segment?.field(6)[0]).toLowerCase()];
  if (factor === undefined || !/^\d+(?:\.\d+)?$/.test(written)) return '';
  const value = Number(written) * factor;
  return value > 0 && value < 100_000 ? String(Number(value.toFixed(4))) : '';
}

/** Patient's Weight in kg, from OBX segments. */
export const patientWeight = (observations: readonly Segment[]): string => measured(observations, weight);
/** Patient's Size in metres, from OBX segments. */
export const patientSize = (observations: readonly Segment[]): string => measured(observations, height);
