import { configurationError } from '@orthanc-tools/failures';
import { connectionFrom } from '@orthanc-tools/orthanc-client';
import { type OptionsOf, nameOf } from '@orthanc-tools/tool-options';
import type { Destination } from './destination.ts';
import type { forwarderOptions } from './options.ts';

export type ForwarderOptions = OptionsOf<typeof forwarderOptions>;

/** @throws configuration `OPTIONS_INVALID` when no destination is named, or the same one twice */
export function readDestinations(options: ForwarderOptions): Destination[] {
  const { mode, verify, destUrl, destination: aliases = [] } = options;
  const connection = destUrl === undefined ? undefined : connectionFrom(options, 'dest');
  const common = { mode, verify, connection, filter: {}, alternate: undefined };
  if (mode === 'orthanc' && destUrl !== undefined)
    return [{ ...common, name: aliases[0] ?? 'orthanc', target: destUrl }];
  if (aliases.length === 0)
    throw configurationError('OPTIONS_INVALID', `${nameOf('destination')} is required.`);
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
