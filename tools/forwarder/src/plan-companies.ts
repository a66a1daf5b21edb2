/** What has to be known of a unit to send it together with others. */
export interface Traveller {
  readonly instances: readonly { readonly size: number }[];
  /** From 1. */
  readonly attempt: number;
}

/** A job costs tens of milliseconds, by DICOMweb half a second, however little it sends: shared by so much it is nothing. */
const mostInstances = 500;
const mostBytes = 64 * 1024 ** 2;
const mostUnits = 64;
/** Each attempt has so many times fewer companions. */
const shrinkage = 8;

/**
 * Which units are looked for, sent and looked for again together, in their order. A job that fails fails for all that is
 * in it: what has failed before travels with fewer, and from its third attempt on alone. Pure.
 */
export function planCompanies<Unit extends Traveller>(units: readonly Unit[]): Unit[][] {
  return [...Map.groupBy(units, ({ attempt }) => attempt)].flatMap(([attempt, peers]) =>
    inCompanies(peers, Math.max(1, Math.floor(mostUnits / shrinkage ** (attempt - 1)))),
  );
}

function inCompanies<Unit extends Traveller>(units: readonly Unit[], most: number): Unit[][] {
  const companies: Unit[][] = [];
  let [company, count, bytes]: [Unit[], number, number] = [[], 0, 0];
  for (const unit of units) {
    const [more, size] = [unit.instances.length, unit.instances.reduce((sum, one) => sum + one.size, 0)];
    const isFull = company.length >= most || count + more > mostInstances || bytes + size > mostBytes;
    if (company.length > 0 && isFull) {
      companies.push(company);
      [company, count, bytes] = [[], 0, 0];
    }
    company.push(unit);
    [count, bytes] = [count + more, bytes + size];
  }
  return company.length > 0 ? [...companies, company] : companies;
}
