import { type Failure, transientFailure } from '@orthanc-tools/failures';

export interface PartSending<Instance> {
  /**
   * Sends these together.
   * @returns why they were not taken, where that may be the fault of some of them
   * @throws what concerns them all
   */
  send(instances: readonly Instance[]): Promise<Failure | undefined>;
  /** Which of these are still to be sent, after a sending that failed: some may have arrived. */
  left(instances: readonly Instance[]): Promise<readonly Instance[]>;
  /** The remote takes nothing at present: more than one try would be in vain. */
  isDoubted(): boolean;
}

export interface SentInParts<Instance> {
  /** Those that did not get there, and why. */
  readonly refused: ReadonlyMap<Instance, Failure>;
  /** Why nothing at all got there, where it is so. */
  readonly failure: Failure | undefined;
}

/** So many sendings in a row bring nothing there, and it is given up for this time: most likely, nothing is taken. */
const mostInVain = 32;

/**
 * Sends shipment after shipment; what is left of one that fails goes in halves, the larger ones first, until what is
 * refused is alone: one instance must not keep the others of its study from a destination.
 */
export async function sendInParts<Instance>(
  shipments: readonly (readonly Instance[])[],
  { send, left, isDoubted }: PartSending<Instance>,
): Promise<SentInParts<Instance>> {
  const refused = new Map<Instance, Failure>();
  const waiting = [...shipments];
  let [hasArrived, inVain] = [false, 0];
  let last: Failure | undefined;
  for (let some = waiting.shift(); some !== undefined; some = waiting.shift()) {
    const failure = await send(some);
    const rest = failure === undefined ? [] : await left(some);
    const isInVain = rest.length === some.length;
    hasArrived ||= !isInVain;
    inVain = isInVain ? inVain + 1 : 0;
    if (failure === undefined) continue;
    last = failure;
    if (inVain >= (isDoubted() ? 1 : mostInVain)) {
      for (const one of [rest, ...waiting].flat()) refused.set(one, untried(failure));
      break;
    }
    if (some.length > 1) waiting.push(...inHalves(rest));
    else for (const one of rest) refused.set(one, failure);
  }
  return { refused, failure: hasArrived ? undefined : last };
}

function inHalves<Instance>(instances: readonly Instance[]): (readonly Instance[])[] {
  const middle = Math.ceil(instances.length / 2);
  return [instances.slice(0, middle), instances.slice(middle)].filter(({ length }) => length > 0);
}

/** Nobody knows of each by itself whether it would be refused. */
const untried = ({ code, message, facts }: Failure): Failure => transientFailure(code, message, { facts });
