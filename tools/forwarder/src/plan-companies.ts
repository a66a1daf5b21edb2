import type { Mode } from './destination.ts';
import type { Bounds } from './plan-shipments.ts';

/** What has to be known of a unit to send it together with others. */
export interface Traveller {
  readonly instances: readonly { readonly size: number }[];
  /** From 1. */
  readonly attempt: number;
}

const megabyte = 1024 ** 2;

/** Of what travels together. */
interface Largest extends Bounds {
  /** However small they are. */
  readonly units: number;
  /** From so much of either on, half of what there is is left to other hands. */
  readonly worth?: Bounds;
}

const usual: Largest = { units: 64, instances: 500, bytes: 64 * megabyte };
/** By DICOM a job costs ever more for each instance the more it names (see `planShipments`): 80 together took the least time. */
const byDicom: Largest = { ...usual, instances: 80 };
/**
 * By DICOMweb a job costs half a second, however little it sends: shared by so much it is little. Orthanc runs two at a time:
 * of two long ones none is to go on when the other has nothing left.
 */
const byDicomWeb: Largest = {
  units: 128,
  instances: 2600,
  bytes: 512 * megabyte,
  worth: { instances: 650, bytes: 128 * megabyte },
};

const largest: Readonly<Record<Mode, Largest>> = {
  dicom: byDicom,
  'dicom-series-by-series': byDicom,
  'dicom-web': byDicomWeb,
  'dicom-web-series-by-series': usual,
  peering: usual,
  transfer: usual,
  orthanc: usual,
};

export const mostUnits = (mode: Mode): number => largest[mode].units;

/** Each attempt has so many times fewer companions. */
const shrinkage = 8;

/**
 * Which units are looked for, sent and looked for again together, in their order. A job that fails fails for all that is
 * in it: what has failed before travels with fewer, and from its third attempt on alone. Pure.
 */
export function planCompanies<Unit extends Traveller>(mode: Mode, units: readonly Unit[]): Unit[][] {
  return [...Map.groupBy(units, ({ attempt }) => attempt)].flatMap(([attempt, peers]) =>
    inCompanies(peers, {
      ...largest[mode],
      units:
        attempt === 1
          ? largest[mode].units
          : Math.max(1, Math.floor(usual.units / shrinkage ** (attempt - 1))),
    }),
  );
}

/** How much they are, all together. */
function weigh(units: readonly Traveller[]): Bounds {
  const instances = units.flatMap((unit) => unit.instances);
  return { instances: instances.length, bytes: instances.reduce((sum, { size }) => sum + size, 0) };
}

const nothing: Bounds = { instances: 0, bytes: 0 };

const plus = (one: Bounds, other: Bounds): Bounds => ({
  instances: one.instances + other.instances,
  bytes: one.bytes + other.bytes,
});

const isWithin = (weight: Bounds, most: Bounds): boolean =>
  weight.instances <= most.instances && weight.bytes <= most.bytes;

function inCompanies<Unit extends Traveller>(units: readonly Unit[], most: Largest): Unit[][] {
  const companies: Unit[][] = [];
  let [company, weight]: [Unit[], Bounds] = [[], nothing];
  for (const unit of units) {
    const more = weigh([unit]);
    if (company.length > 0 && (company.length >= most.units || !isWithin(plus(weight, more), most))) {
      companies.push(company);
      [company, weight] = [[], nothing];
    }
    company.push(unit);
    weight = plus(weight, more);
  }
  return company.length > 0 ? [...companies, company] : companies;
}

/** How many units of the size of these travel together; 1 at least. Pure. */
export function companionsOf(mode: Mode, units: readonly Traveller[]): number {
  const { instances, bytes } = weigh(units);
  const most = largest[mode];
  const fitting = units.length * Math.min(most.instances / instances, most.bytes / bytes);
  return Math.max(1, Math.min(most.units, Math.floor(fitting)));
}

export interface HandPlan<Unit> {
  /** In this order, one after the other. */
  readonly companies: readonly (readonly Unit[])[];
  /** For other hands: it would wait here while they have nothing to do. */
  readonly rest: readonly Unit[];
}

/** So many companies at most, however small: what has failed before travels alone, and may take long. */
const mostCompanies = 4;

/**
 * As much as could travel together, though it need not, as units of several attempts do not; one company at least. Pure.
 * @param unfinished how many units there are, with these, and with those that other hands have
 */
export function planHand<Unit extends Traveller>(
  mode: Mode,
  units: readonly Unit[],
  unfinished: number,
): HandPlan<Unit> {
  const fair = fairPart(mode, units, unfinished);
  const companies = planCompanies(mode, units.slice(0, fair));
  let [kept, weight] = [0, nothing];
  for (const company of companies) {
    weight = plus(weight, weigh(company));
    if (kept > 0 && (kept === mostCompanies || !isWithin(weight, largest[mode]))) break;
    kept += 1;
  }
  return {
    companies: companies.slice(0, kept),
    rest: [...companies.slice(kept).flat(), ...units.slice(fair)],
  };
}

/** How many of them are half of what there is; more where that is not worth a job. */
function fairPart(mode: Mode, units: readonly Traveller[], unfinished: number): number {
  const { worth } = largest[mode];
  if (worth === undefined) return units.length;
  const half = Math.ceil(unfinished / 2);
  const { bytes, instances } = worth;
  let weight = nothing;
  for (const [index, unit] of units.entries()) {
    if (index >= half && (weight.instances >= instances || weight.bytes >= bytes)) return index;
    weight = plus(weight, weigh([unit]));
  }
  return units.length;
}
