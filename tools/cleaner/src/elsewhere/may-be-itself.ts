import type { ModalitySettings, SystemFacts } from '@orthanc-tools/orthanc-client';

/**
 * Whether a modality may be the very Orthanc in whose configuration it stands. Two machines that were both left with the
 * usual AET and port are taken for one: nothing that a modality answers would tell them apart. Pure.
 */
export function mayBeItself(
  { aet, host, port }: Omit<ModalitySettings, 'alias'>,
  own: Pick<SystemFacts, 'aet' | 'dicomPort'>,
): boolean {
  return port !== undefined && port === own.dicomPort && (aet === own.aet || isLoopback(host));
}

/** As Orthanc resolves it: which AET it is called by, it does not mind, unless it is told to. */
const isLoopback = (host: string): boolean =>
  /^((.*\.)?localhost|127(\.\d+){1,3}|0\.0\.0\.0|\[?::1\]?)$/i.test(host);
