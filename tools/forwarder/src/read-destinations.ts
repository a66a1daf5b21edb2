import { configurationError } from '@orthanc-tools/failures';
import { connectionFrom } from '@orthanc-tools/orthanc-client';
import { type OptionsOf, nameOf } from '@orthanc-tools/tool-options';
import type { Destination, Forwarding } from './destination.ts';
import type { forwarderOptions } from './options.ts';
import { usualPriority } from './priority.ts';

export type ForwarderOptions = OptionsOf<typeof forwarderOptions>;

/** @throws configuration `OPTIONS_INVALID` when no destination is named, or the same one twice, or the file is wrong */
export async function readDestinations(options: ForwarderOptions): Promise<Forwarding> {
  const { destinationsFile, verify } = options;
  if (destinationsFile === undefined)
    return {
      destinations: destinationsIn(options),
      profiles: new Map(),
      hooks: undefined,
      urgent: undefined,
      retired: [],
    };
  // Whoever has no such file does not pay for loading what reads it.
  const { readDestinationsFile } = await import('./destinations-file/read-destinations-file.ts');
  return readDestinationsFile(destinationsFile, verify);
}

function destinationsIn(options: ForwarderOptions): Destination[] {
  const { mode, verify, destUrl, destination: aliases = [] } = options;
  const connection = destUrl === undefined ? undefined : connectionFrom(options, 'dest');
  const common = {
    mode,
    verify,
    connection,
    filter: {},
    priority: usualPriority,
    alternate: undefined,
    transcode: undefined,
    profile: undefined,
  };
  if (mode === 'orthanc' && destUrl !== undefined)
    return [{ ...common, name: aliases[0] ?? 'orthanc', target: destUrl }];
  if (aliases.length === 0)
    throw configurationError(
      'OPTIONS_INVALID',
      `Where to? Give ${nameOf('destination')} or ${nameOf('destinationsFile')}.`,
    );
  const twice = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
  if (twice !== undefined)
    throw configurationError('OPTIONS_INVALID', `${nameOf('destination')} names "${twice}" twice.`);
  if (connection !== undefined && aliases.length > 1)
    throw configurationError(
      'OPTIONS_INVALID',
      `${nameOf('destUrl')} is the address of one destination; ${nameOf('destination')} names ${String(aliases.length)}.`,
    );
  return aliases.map((alias) => ({ ...common, name: alias, target: alias }));
}
