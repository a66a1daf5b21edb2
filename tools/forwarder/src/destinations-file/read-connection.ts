import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type OrthancConnection, connectionFrom } from '@orthanc-tools/orthanc-client';
import type { Fault, Path } from '@orthanc-tools/settings-file';
import type { FileRoute } from './file-shape.ts';

interface Surroundings {
  /** Of the route in the file, or of what names another file. */
  readonly path: Path;
  /** Folder from which the file names others. */
  readonly folder: string;
  readonly report: (fault: Fault) => void;
}

export const beside = (folder: string, file: string): string =>
  isAbsolute(file) ? file : join(folder, file);

/** What stands in a file that this one names; undefined, and reported, when it cannot be read. */
export function readNamed(
  file: string | undefined,
  { path, folder, report }: Surroundings,
): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(beside(folder, file), 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    report({ path, fault: `names the file "${file}", which cannot be read: ${code}` });
    return undefined;
  }
}

/** How to ask the remote itself, with what stands in files of its own; undefined without an address. */
export function readConnection(route: FileRoute, surroundings: Surroundings): OrthancConnection | undefined {
  const { path, folder, report } = surroundings;
  const read = (key: keyof FileRoute, file: string | undefined) =>
    readNamed(file, { path: [...path, key], folder, report });
  const secret = (key: keyof FileRoute, file: string | undefined) => read(key, file)?.replace(/\r?\n$/, '');
  // Read here, so that a fault is told with its place in this file.
  const tls = {
    ca: read('ca', route.ca),
    certificate: read('clientCert', route.clientCert),
    key: read('clientKey', route.clientKey),
  };
  if (route.url === undefined) return undefined;
  const connection = connectionFrom(
    {
      destUrl: route.url,
      destUser: route.user,
      destPwd: route.pwd ?? secret('pwdFile', route.pwdFile),
      destApiKey: route.apiKey ?? secret('apiKeyFile', route.apiKeyFile),
      destHeaders: route.headers,
      destClientKeyPassphrase:
        route.clientKeyPassphrase ?? secret('clientKeyPassphraseFile', route.clientKeyPassphraseFile),
      destInsecure: route.insecure ?? false,
      destProxy: route.proxy,
      ...(route.connectTimeout !== undefined && { destConnectTimeout: route.connectTimeout }),
      ...(route.timeout !== undefined && { destTimeout: route.timeout }),
    },
    'dest',
  );
  return { ...connection, tls: { ...connection.tls, ...tls } };
}
