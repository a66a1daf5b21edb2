import { asFailure, configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { isLoopback, leadToOne, leadsBack } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';

export interface BothEnds {
  readonly orthanc: Orthanc;
  /** The other Orthanc, where it is one. */
  readonly other: Orthanc | undefined;
  /** Alias of the modality, where it is one. */
  readonly modality: string | undefined;
  readonly signal: AbortSignal;
}

/** The other side is, or may be, the Orthanc itself: that it holds the same as itself proves nothing. */
export interface Sameness {
  readonly isCertain: boolean;
  readonly found: string;
}

type Facts = Awaited<ReturnType<Orthanc['system']>>;
type Known = Awaited<ReturnType<Orthanc['modalities']['settings']>>[number];

/** @throws configuration `DESTINATION_IS_SOURCE` where the other side is certainly the Orthanc itself */
export function refuseItself(sameness: Sameness | undefined): void {
  if (sameness?.isCertain === true) throw configurationError('DESTINATION_IS_SOURCE', sameness.found);
}

/** By the addresses alone; nobody is asked. */
export const haveOneAddress = ({
  orthanc,
  other,
}: Pick<BothEnds, 'orthanc' | 'other'>): Sameness | undefined =>
  other?.url === orthanc.url ? oneOrthanc : undefined;

/** By all that the two tell of themselves, and Orthanc of the modality. Undefined where nothing speaks for it. */
export async function lookApart(ends: BothEnds): Promise<Sameness | undefined> {
  const { orthanc, other, modality: alias, signal } = ends;
  const askHere = () => orthanc.system(signal);
  if (other !== undefined)
    return (await leadToOne(askHere, () => other.system(signal))) ? perhapsOne : undefined;
  const here = await askHere();
  const known = (await settingsIfTold(ends)).find((modality) => modality.alias === alias);
  return known === undefined ? undefined : likeness(known, here, orthanc.url);
}

const bothUrls = `${nameOf('destUrl')} and ${nameOf('orthancUrl')}`;

const oneOrthanc: Sameness = {
  isCertain: true,
  found: `${bothUrls} lead to one Orthanc: compared with itself, nothing can differ.`,
};

// Never certain: two containers of one configuration, on two machines, may tell the same of themselves.
const perhapsOne: Sameness = {
  isCertain: false,
  found: `${bothUrls} seem to lead to one Orthanc, by all that it tells of itself: if so, nothing can differ. Two that are copies of one machine are told apart by a Name of their own.`,
};

/** Whoever may ask modalities, and not how they are called, is not to be kept from it. */
async function settingsIfTold({ orthanc, signal }: BothEnds): Promise<readonly Known[]> {
  try {
    return await orthanc.modalities.settings(signal);
  } catch (error) {
    const { kind } = asFailure(error) ?? {};
    if (kind !== 'configuration' && kind !== 'permanent') throw error;
    return [];
  }
}

/**
 * Certain is only an address that never leaves the machine. The host of the URL may publish the ports of several Orthancs,
 * each of which listens to the same one inside; and AET and port alone are those of any two that were left as they came.
 */
function likeness(known: Known, here: Facts, url: string): Sameness | undefined {
  const isOfAet = known.aet === here.aet;
  const isBack = leadsBack(known, { port: here.dicomPort, url });
  const subject = `${nameOf('modality')}: ${known.alias}`;
  if (isOfAet && isBack && isLoopback(known.host))
    return {
      isCertain: true,
      found: `${subject} is the Orthanc of ${nameOf('orthancUrl')} itself, by AET, host and port: compared with itself, nothing can differ.`,
    };
  const isOfPort = known.port !== undefined && known.port === here.dicomPort;
  if (!isBack && !(isOfAet && isOfPort)) return undefined;
  const shared = !isBack ? 'AET and port' : isOfAet ? 'AET, host and port' : 'host and port';
  return {
    isCertain: false,
    found: `${subject} has ${shared} of the Orthanc of ${nameOf('orthancUrl')}: if it leads back there, nothing can differ.`,
  };
}
