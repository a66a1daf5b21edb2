import type { Finding } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { finderFor } from '@orthanc-tools/server-examination';
import type { Destination, Route } from '../destination.ts';
import { aliasFinding } from './examine-alias.ts';
import { modalityFindings } from './examine-modality.ts';
import { acceleratorFindings, peerFinding } from './examine-peer.ts';
import { proofFinding } from './examine-proof.ts';
import { remoteFindings } from './examine-remote.ts';
import { webServerFinding } from './examine-web-server.ts';
import type { WayLook } from './look.ts';

interface Surroundings {
  readonly inbox: Orthanc;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The ways of a destination, as findings name them. */
export function waysOf(destination: Destination): { readonly subject: string; readonly route: Route }[] {
  const { name, alternate } = destination;
  return [
    { subject: name, route: destination },
    ...(alternate === undefined
      ? []
      : [{ subject: `${name}, alternate ${alternate.target}`, route: alternate }]),
  ];
}

/** Looks at each way of the destination, from the inbox as far as that sends, and says which proof it allows. */
export async function examineDestination(
  destination: Destination,
  { inbox, clock, signal }: Surroundings,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { subject, route } of waysOf(destination)) {
    const look = { inbox, route, clock, signal, find: finderFor(subject) };
    const { isKnown, found } = await wayFindings(look);
    const { connection } = route;
    const remote =
      connection === undefined
        ? []
        : await remoteFindings(look, { subject, connection, now: () => clock.now() });
    const proof = isKnown
      ? await proofFinding(look, destination.verify)
      : look.find('proof', 'unknown', 'not looked at', 'Correct the above, then ask again.');
    findings.push(...found, ...remote, proof);
  }
  return findings;
}

/** What the mode needs of the inbox and of whom it sends to. */
async function wayFindings(
  look: WayLook,
): Promise<{ readonly isKnown: boolean; readonly found: readonly Finding[] }> {
  const { mode } = look.route;
  if (mode === 'orthanc') return { isKnown: true, found: [] };
  const alias = await aliasFinding(look, mode);
  if (alias.verdict !== 'ok') return { isKnown: false, found: [alias] };
  return { isKnown: true, found: [alias, ...(await targetFindings(look, mode))] };
}

async function targetFindings(look: WayLook, mode: Exclude<Route['mode'], 'orthanc'>): Promise<Finding[]> {
  switch (mode) {
    case 'dicom':
    case 'dicom-series-by-series':
      return modalityFindings(look);
    case 'dicom-web':
    case 'dicom-web-series-by-series':
      return [await webServerFinding(look)];
    case 'peering':
    case 'transfer':
      return [await peerFinding(look), ...(await acceleratorFindings(look))];
  }
}
