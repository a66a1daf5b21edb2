import type { ModalitySettings, SystemFacts } from '@orthanc-tools/orthanc-client';

/**
 * Whether a modality may be the very Orthanc in whose configuration it stands. Two machines that were both left with the
 * usual AET are taken for one, as a port may be forwarded: nothing that a modality answers would tell them apart. Pure.
 */
export function mayBeItself(
  { aet, host, port }: Omit<ModalitySettings, 'alias'>,
  own: Pick<SystemFacts, 'aet' | 'dicomPort'>,
): boolean {
  const isOwnPort = port !== undefined && port === own.dicomPort;
  return aet.trim() === own.aet?.trim() || (isOwnPort && isLoopback(host));
}

/** As Orthanc resolves it: which AET it is called by, it does not mind, unless it is told to. */
const isLoopback = (host: string): boolean =>
  /^((.*\.)?localhost|127(\.\d+){1,3}|0\.0\.0\.0|\[?::1\]?)$/i.test(host);

/**
 * Whether an answer of C-FIND comes from this very Orthanc, by where it says that its instances are to be had: Orthanc names
 * its own AET alone (RetrieveAETitle, 0008,0054). One that names none tells nothing. Pure.
 */
export const isToldByItself = (
  retrieveAets: string | undefined,
  { aet }: Pick<SystemFacts, 'aet'>,
): boolean => aet !== undefined && retrieveAets?.trim() === aet.trim();
