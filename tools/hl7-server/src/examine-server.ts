import { createServer } from 'node:http';
import { once } from 'node:events';
import type { Finding } from '@orthanc-tools/failures';
import { describeFailure } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { finderFor } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import { tryFile, tryFolder } from '@orthanc-tools/tool-runtime';
import { isLockedForWriting } from '@orthanc-tools/work-ledger';
import { journalPlace } from './journal-place.ts';
import { folderOf } from './open-output.ts';
import type { Hl7ServerOptions } from './options.ts';
import { readProfile } from './read-profile.ts';
import { worklistRest } from './worklist-rest.ts';

async function portFinding(
  { port, listenHost: host }: Hl7ServerOptions,
  isRunning: boolean,
): Promise<Finding> {
  const find = finderFor('listening');
  if (isRunning)
    return find('port', 'ok', `a server with this journal is running; port ${String(port)} is its own`);
  const probe = createServer();
  try {
    probe.listen({ port, host });
    await once(probe, 'listening');
    return find('port', 'ok', `${host}:${String(port)} is free`);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return find(
      'port',
      'problem',
      `${host}:${String(port)} cannot be listened on (${code})`,
      `Give another with ${nameOf('port')}.`,
    );
  } finally {
    probe.close();
  }
}

const scarce = 100 * 1024 * 1024;

async function placeFinding(
  subject: string,
  path: string,
  { isFolder, option }: { isFolder: boolean; option: string },
): Promise<Finding> {
  const find = finderFor(subject);
  const place = await (isFolder ? tryFolder(path) : tryFile(path));
  if (place.is !== 'writable')
    return find(
      'place',
      'problem',
      `${path} cannot be written (${place.code})`,
      `Give the user this place, or another with ${nameOf(option)}.`,
    );
  return place.freeBytes < scarce
    ? find(
        'place',
        'warning',
        `${path} can be written; the disk is nearly full`,
        'Make room: messages are refused on a full disk.',
      )
    : find('place', 'ok', `${path} can be written`);
}

async function orthancFindings(options: Hl7ServerOptions): Promise<Finding[]> {
  const { orthancUrl } = options;
  if (orthancUrl === undefined) return [];
  const find = finderFor('Orthanc');
  await using orthanc = connectOrthanc(connectionFrom({ ...options, orthancUrl }, 'orthanc'));
  try {
    const { version } = await orthanc.system();
    const found = [find('version', 'ok', `Orthanc ${version} at ${orthanc.url}`)];
    if (folderOf(options) !== undefined) return found;
    const isThere = await worklistRest(orthanc).isThere();
    return [
      ...found,
      isThere
        ? find('worklists', 'ok', 'it has a REST API for worklists')
        : find(
            'worklists',
            'problem',
            'it has no REST API for worklists',
            `Enable its plugin "orthanc-worklists", or give ${nameOf('folder')}.`,
          ),
    ];
  } catch (error) {
    return [
      find(
        'answer',
        'problem',
        describeFailure(error).message,
        'Correct the address, user, password, key or certificates.',
      ),
    ];
  }
}

async function profileFinding(named: string): Promise<Finding> {
  const find = finderFor('profile');
  try {
    const { name, orders } = await readProfile(named);
    return find('profile', 'ok', `${name}; orders are ${orders.join(', ')}`);
  } catch (error) {
    return find('profile', 'problem', describeFailure(error).message);
  }
}

/** Everything that a run needs. Leaves nothing. */
export async function examineSetup(options: Hl7ServerOptions, stateFolder: string): Promise<Finding[]> {
  const path = journalPlace(options.journalPath, stateFolder);
  const folder = folderOf(options);
  return [
    await portFinding(options, isLockedForWriting(path)),
    await profileFinding(options.profile),
    ...(folder === undefined
      ? []
      : [await placeFinding('worklists', folder, { isFolder: true, option: 'folder' })]),
    await placeFinding('journal', path, { isFolder: false, option: 'journalPath' }),
    ...(options.watchFolder === undefined
      ? []
      : [await placeFinding('messages', options.watchFolder, { isFolder: true, option: 'watchFolder' })]),
    ...(await orthancFindings(options)),
  ];
}
