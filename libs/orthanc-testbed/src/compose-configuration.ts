import type { OrthancRequest } from './running-orthanc.ts';

/** Where a provider puts things, as seen by Orthanc. */
export interface OrthancPlace {
  readonly storageFolder: string;
  readonly httpPort: number;
  readonly dicomPort: number;
  filePath(name: string): string;
}

export interface ComposedOrthanc {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly aet: string;
  readonly name: string;
}

/** Turns a request into what any provider hands to Orthanc. */
export function composeOrthanc(request: OrthancRequest, place: OrthancPlace): ComposedOrthanc {
  const name = request.name ?? 'orthanc';
  const files = filesOf(request);
  const wanted = {
    ...defaults(name),
    ...pluginSettings(request),
    ...request.configuration,
  };
  const configuration = withPaths(wanted, place) as Record<string, unknown>;
  return {
    name,
    files,
    aet: String(request.environment?.['ORTHANC__DICOM_AET'] ?? configuration['DicomAet']),
    configuration: {
      ...configuration,
      HttpPort: place.httpPort,
      DicomPort: place.dicomPort,
      StorageDirectory: place.storageFolder,
      IndexDirectory: place.storageFolder,
    },
    environment: {
      TCP_NODELAY: '1',
      ...(request.clock !== undefined && movedClock(request.clock)),
      ...request.environment,
    },
  };
}

/**
 * For libfaketime; its text is in the zone of the process. Its repair of waits on the monotonic clock, which is not moved,
 * would end all waits of Orthanc at once: it would spin, at the cost of half a core (seen with 1.12.7 and 1.13.0).
 */
export const movedClock = (clock: string): Readonly<Record<string, string>> => ({
  FAKETIME: `@${clock}`,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  FAKETIME_FORCE_MONOTONIC_FIX: '0',
  TZ: 'UTC',
});

function defaults(name: string): Record<string, unknown> {
  return {
    Name: name,
    DicomAet: name
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]/g, '')
      .slice(0, 16),
    RemoteAccessAllowed: true,
    AuthenticationEnabled: false,
    DicomWeb: { Enable: true },
    StableAge: 2,
  };
}

function filesOf({ pythonPlugin, files }: OrthancRequest): Record<string, string | Uint8Array> {
  return { ...(pythonPlugin === undefined ? {} : { 'plugin.py': pythonPlugin }), ...files };
}

function pluginSettings(request: OrthancRequest): Record<string, unknown> {
  return request.pythonPlugin === undefined ? {} : { PythonScript: 'files:plugin.py', PythonVerbose: false };
}

/** Puts paths for 'files:…' and leaves out what is null at the top. */
function withPaths(value: unknown, place: OrthancPlace, depth = 0): unknown {
  if (typeof value === 'string')
    return value.startsWith('files:') ? place.filePath(value.slice('files:'.length)) : value;
  if (Array.isArray(value)) return value.map((item) => withPaths(item, place, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => depth > 0 || item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withPaths(item, place, depth + 1)]));
}
