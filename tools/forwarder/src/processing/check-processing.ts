import { configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Destination, Route } from '../destination.ts';
import { findStow } from '../routes/stow-made.ts';
import type { Processing } from './processing.ts';
import { missingPlugin } from './transfer-syntax.ts';

interface Processed extends Pick<Destination, 'name' | 'transcode' | 'alternate'>, Route {
  readonly processing: Processing | undefined;
}

/**
 * What can be known at the start of what is changed on the way: whether the inbox can do it, and whether the result has a
 * way to go.
 * @throws configuration `TRANSCODING_IMPOSSIBLE`, `PROCESSING_IMPOSSIBLE`, `SERVER_NOT_OPEN`
 */
export async function checkProcessing(
  inbox: Orthanc,
  destinations: readonly Processed[],
  signal: AbortSignal,
): Promise<void> {
  const processed = destinations.filter(({ processing }) => processing !== undefined);
  if (processed.some(({ transcode }) => transcode !== undefined))
    checkTranscoding(processed, await inbox.plugins());
  for (const destination of processed)
    for (const route of [destination, ...(destination.alternate ? [destination.alternate] : [])])
      await checkRoute(route, { name: destination.name, inbox, signal });
}

function checkTranscoding(destinations: readonly Processed[], plugins: readonly string[]): void {
  for (const { name, transcode = '' } of destinations) {
    const plugin = missingPlugin(transcode, plugins);
    if (plugin === undefined) continue;
    throw configurationError(
      'TRANSCODING_IMPOSSIBLE',
      `The destination ${name} wants the transfer syntax ${transcode}, for which the source Orthanc needs its plugin ${plugin}: enable it.`,
    );
  }
}

interface RouteCheck {
  readonly name: string;
  readonly inbox: Orthanc;
  readonly signal: AbortSignal;
}

async function checkRoute(
  { mode, target, connection }: Route,
  { name, inbox, signal }: RouteCheck,
): Promise<void> {
  if (mode === 'transfer')
    throw configurationError(
      'PROCESSING_IMPOSSIBLE',
      `The destination ${name} gets what is changed on the way, and the mode transfer sends only what is stored: take peering.`,
    );
  if (!mode.startsWith('dicom-web') || connection !== undefined) return;
  const server = await findStow(target, { inbox, remote: undefined }, signal);
  await server[Symbol.asyncDispose]();
}
