import type { SystemFacts } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { type Find, type Examined, entriesOf, expected } from './examine-finding.ts';

const nameOfFile = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

export function versionFindings({ facts, find }: Examined): DoctorFinding[] {
  const index = facts.databasePlugin === undefined ? 'SQLite' : nameOfFile(facts.databasePlugin);
  const storage = facts.storagePlugin === undefined ? 'plain files' : nameOfFile(facts.storagePlugin);
  const version = `Orthanc ${facts.version}, API ${String(facts.apiVersion)}, index in ${index}, storage in ${storage}`;
  return [
    find('version', 'ok', version),
    facts.hasExtendedFind
      ? find('ExtendedFind', 'ok', 'offered')
      : find(
          'ExtendedFind',
          'warning',
          'not offered',
          'Proof costs one request per instance: use Orthanc 1.12.5 or newer with SQLite or PostgreSQL.',
        ),
    facts.hasExtendedChanges
      ? find('ExtendedChanges', 'ok', 'offered')
      : find(
          'ExtendedChanges',
          'warning',
          'not offered',
          'The whole change log is read: use Orthanc 1.12.5 or newer.',
        ),
  ];
}

export function overwriteFinding({ side, facts, find }: Examined): DoctorFinding {
  const check = 'overwrite mode';
  if (facts.overwrite === undefined)
    return find(
      check,
      'unknown',
      'not told by this version',
      'Look at OverwriteInstances in its configuration.',
    );
  if (facts.overwrite === 'Never') return find(check, 'ok', 'Never: what is stored stays');
  if (side === 'source')
    return find(
      check,
      'ok',
      `${facts.overwrite}: what changes after its copy is reported as CONTENT_CONFLICT`,
    );
  return find(
    check,
    'warning',
    `${facts.overwrite}: what arrives replaces what is there`,
    'Set OverwriteInstances to Never (false) during the clone: the cloner looks before it sends, but what another sender stores in between would be replaced.',
  );
}

export async function md5Finding(examined: Examined): Promise<DoctorFinding> {
  const { facts, find } = examined;
  const check = 'stored MD5';
  const isKept = facts.storesMd5 ?? (await keepsMd5(examined));
  if (isKept === undefined)
    return find(
      check,
      'unknown',
      'not told by this version, and nothing is stored to look at',
      'Look whether StoreMD5ForAttachments is true in its configuration, as it is by default.',
    );
  if (isKept) return find(check, 'ok', 'kept');
  return find(
    check,
    'warning',
    'not kept',
    'Set StoreMD5ForAttachments to true: otherwise an instance is proved by its ID and size only.',
  );
}

/** Before version 1.13 only a stored instance tells. */
async function keepsMd5({ orthanc }: Examined): Promise<boolean | undefined> {
  const ask = { method: 'GET', isFixedRoute: true } as const;
  const [id] = entriesOf(await orthanc.call({ ...ask, path: '/instances?since=0&limit=1' }));
  if (typeof id !== 'string') return undefined;
  try {
    const path = `/instances/${id}/attachments/dicom/md5`;
    const route = '/instances/{id}/attachments/dicom/md5';
    return (await orthanc.call({ method: 'GET', path, route, isPlainText: true })) !== '';
  } catch (error) {
    if (expected(error).code === 'ORTHANC_NOT_FOUND') return false;
    throw error;
  }
}

export function transcodingFinding(facts: SystemFacts, find: Find): DoctorFinding {
  const check = 'transcoding on arrival';
  if (facts.ingestTranscoding === undefined)
    return find(
      check,
      'unknown',
      'not told by this version',
      'Look whether IngestTranscoding is set in its configuration.',
    );
  if (facts.ingestTranscoding === '') return find(check, 'ok', 'none');
  return find(
    check,
    'warning',
    `to ${facts.ingestTranscoding}`,
    'Instances are stored with other bytes and cannot be proved equal: switch IngestTranscoding off during the clone.',
  );
}
