import type { Finding } from '@orthanc-tools/failures';
import type { Check, Examined } from './examine-server.ts';
import { entriesOf } from './finding.ts';

const nameOfFile = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

/** Which Orthanc, and which of what the tools use it offers. */
export const version: Check = {
  name: 'version',
  look({ facts, find }) {
    const index = facts.databasePlugin === undefined ? 'SQLite' : nameOfFile(facts.databasePlugin);
    const storage = facts.storagePlugin === undefined ? 'plain files' : nameOfFile(facts.storagePlugin);
    const found = `Orthanc ${facts.version}, API ${String(facts.apiVersion)}, index in ${index}, storage in ${storage}`;
    return [
      find('version', 'ok', found),
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
  },
};

/** What a setting means for the tool that asks. */
export interface Meaning {
  readonly verdict: Finding['verdict'];
  readonly found: string;
  readonly remedy?: string;
}

/** Whether what arrives replaces what is there under the same identifiers; the tool says what that means to it. */
export const overwriteMode = (meaningOf: (mode: string) => Meaning): Check => ({
  name: 'overwrite mode',
  look({ facts: { overwrite }, find }) {
    const check = 'overwrite mode';
    if (overwrite === undefined)
      return find(
        check,
        'unknown',
        'not told by this version',
        'Look at OverwriteInstances in its configuration.',
      );
    if (overwrite === 'Never') return find(check, 'ok', 'Never: what is stored stays');
    const { verdict, found, remedy } = meaningOf(overwrite);
    return find(check, verdict, found, remedy);
  },
});

/** Whether the MD5 of what is stored is kept; `remedy` is what to do where it is not. */
export const storedMd5 = (remedy: string): Check => ({
  name: 'stored MD5',
  async look(examined) {
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
    return isKept ? find(check, 'ok', 'kept') : find(check, 'warning', 'not kept', remedy);
  },
});

/** Before version 1.13 only a stored instance tells. */
async function keepsMd5({ orthanc }: Examined): Promise<boolean | undefined> {
  const ask = { method: 'GET', isFixedRoute: true } as const;
  const [id] = entriesOf(await orthanc.call({ ...ask, path: '/instances?since=0&limit=1' }));
  return typeof id === 'string' ? (await orthanc.instances.md5(id)) !== undefined : undefined;
}

/** Whether what arrives is stored with other bytes; `remedy` says what that costs. */
export const transcodingOnArrival = (remedy: string): Check => ({
  name: 'transcoding on arrival',
  look({ facts: { ingestTranscoding }, find }) {
    const check = 'transcoding on arrival';
    if (ingestTranscoding === undefined)
      return find(
        check,
        'unknown',
        'not told by this version',
        'Look whether IngestTranscoding is set in its configuration.',
      );
    return ingestTranscoding === ''
      ? find(check, 'ok', 'none')
      : find(check, 'warning', `to ${ingestTranscoding}`, remedy);
  },
});

/** For a tool that is to put labels. */
export const labels = (missing: Meaning): Check => ({
  name: 'labels',
  look: ({ facts, find }) =>
    facts.hasLabels
      ? find('labels', 'ok', 'supported')
      : find('labels', missing.verdict, missing.found, missing.remedy),
});
