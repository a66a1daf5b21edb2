import type { Finding } from '@orthanc-tools/failures';
import type { Statistics } from '@orthanc-tools/orthanc-client';
import type { Check, Examined } from './examine-server.ts';
import { digits, expected, inMegabytes } from './finding.ts';

/** From then on what `searchesForEach` tells is felt: some milliseconds for each file. */
const manyInstances = 20_000;

/** What is stored, and whether this version of Orthanc is at ease with so much. */
export const content: Check = {
  name: 'content',
  async look({ facts, statistics, find }) {
    const { studies, instances, diskSize } = await statistics();
    const found = `${digits(studies)} studies, ${digits(instances)} instances, ${inMegabytes(diskSize)} on disk`;
    if (!facts.searchesForEach || instances <= manyInstances) return find('content', 'ok', found);
    return find(
      'content',
      'warning',
      `${found}; Orthanc ${facts.version} searches through all of its SQLite index for each that is read`,
      'Everything is slower by as much as is stored: use Orthanc 1.13.1 or newer, or PostgreSQL for the index.',
    );
  },
};

/** What to do about a limit, by what happens beyond it; undefined: nothing. */
export interface LimitRemedies {
  readonly deleting: string;
  readonly refusing: string | undefined;
}

/** How much may be stored, and what happens beyond. */
export const storageLimit = ({ deleting, refusing }: LimitRemedies): Check => ({
  name: 'storage limit',
  async look(examined) {
    const { facts, find } = examined;
    const check = 'storage limit';
    const { maximumStorageSizeMb: megabytes = 0, maximumPatientCount: patients = 0 } = facts;
    const limits = [
      ...(megabytes > 0 ? [`${digits(megabytes)} MB (${usedOf(await heldBy(examined))})`] : []),
      ...(patients > 0 ? [`${digits(patients)} patients`] : []),
    ].join(' and ');
    if (limits === '') return find(check, 'ok', 'none');
    if (facts.maximumStorageMode === 'Reject')
      return find(check, refusing === undefined ? 'ok' : 'warning', `${limits}; more is refused`, refusing);
    return find(check, 'warning', `${limits}; beyond, the oldest patients are deleted`, deleting);
  },
});

/** Undefined where they are not told: a finding of its own, of {@link content}. */
async function heldBy({ statistics }: Examined): Promise<Statistics | undefined> {
  try {
    return await statistics();
  } catch (error) {
    expected(error);
    return undefined;
  }
}

const usedOf = (held: Statistics | undefined) =>
  held === undefined ? 'how much is used is not told' : `${inMegabytes(held.diskSize)} used`;

/** What REST cannot tell of a server that is to be filled. */
export const freeSpace = (remedy: string): Check => ({
  name: 'free space',
  async look(examined): Promise<Finding> {
    const found = `Orthanc does not tell the room on its disk; ${usedOf(await heldBy(examined))}`;
    return examined.find('free space', 'unknown', found, remedy);
  },
});

/** Each worker of a tool holds a thread or two of the server. */
export const httpThreads = (workers: number, remedy: string): Check => ({
  name: 'HTTP threads',
  look({ facts, find }) {
    const check = 'HTTP threads';
    if (facts.httpThreads === undefined)
      return find(
        check,
        'unknown',
        'not told by this version',
        `Look whether HttpThreadsCount is at least ${digits(workers)} in its configuration; 50 by default.`,
      );
    const found = digits(facts.httpThreads);
    return facts.httpThreads >= workers
      ? find(check, 'ok', found)
      : find(check, 'warning', `${found}, for up to ${digits(workers)} workers`, remedy);
  },
});
