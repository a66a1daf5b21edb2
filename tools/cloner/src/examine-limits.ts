import type { Orthanc, Statistics } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { type Examined, entriesOf, guarded, inMegabytes } from './examine-finding.ts';

const digits = (value: number) => value.toLocaleString('en-US');

/** What is stored, how much more may be, and what cannot be known of the disk. */
export async function capacityFindings(examined: Examined): Promise<DoctorFinding[]> {
  const { side, orthanc, find } = examined;
  let held: Statistics | undefined;
  const content = await guarded(find, {
    check: 'content',
    examine: async () => {
      held = await orthanc.statistics();
      const { studies, instances, diskSize } = held;
      return [
        find(
          'content',
          'ok',
          `${digits(studies)} studies, ${digits(instances)} instances, ${inMegabytes(diskSize)} on disk`,
        ),
      ];
    },
  });
  const limit = storageLimitFinding(examined, held);
  return side === 'source' ? [...content, limit] : [...content, limit, freeSpaceFinding(examined, held)];
}

function storageLimitFinding({ side, facts, find }: Examined, held: Statistics | undefined): DoctorFinding {
  const check = 'storage limit';
  const { maximumStorageSizeMb: megabytes = 0, maximumPatientCount: patients = 0 } = facts;
  const limits = [
    ...(megabytes > 0 ? [`${digits(megabytes)} MB (${usedOf(held)})`] : []),
    ...(patients > 0 ? [`${digits(patients)} patients`] : []),
  ].join(' and ');
  if (limits === '') return find(check, 'ok', 'none');
  if (side === 'source' && facts.maximumStorageMode === 'Reject')
    return find(check, 'ok', `${limits}; more is refused`);
  if (facts.maximumStorageMode === 'Reject')
    return find(
      check,
      'warning',
      `${limits}; more is refused`,
      'See that the source fits in: raise MaximumStorageSize and MaximumPatientCount, or the clone will stop there.',
    );
  return find(
    check,
    'warning',
    `${limits}; beyond, the oldest patients are deleted`,
    side === 'source'
      ? 'What is deleted before it is copied is lost: raise MaximumStorageSize and MaximumPatientCount until the clone is done.'
      : 'A clone that exceeds it loses patients silently: raise MaximumStorageSize and MaximumPatientCount, or set MaximumStorageMode to Reject.',
  );
}

const usedOf = (held: Statistics | undefined) =>
  held === undefined ? 'how much is used is not told' : `${inMegabytes(held.diskSize)} used`;

function freeSpaceFinding({ find }: Examined, held: Statistics | undefined): DoctorFinding {
  return find(
    'free space',
    'unknown',
    `Orthanc does not tell the room on its disk; ${usedOf(held)}`,
    'Look on that machine with df -h at StorageDirectory and IndexDirectory: as much as the content of the source must be free.',
  );
}

/** As many entries as the clone asks for at once. */
const page = 5000;

/** Each limit shows only by an answer that is shorter than what is there. */
export async function findLimitFindings(examined: Examined): Promise<DoctorFinding[]> {
  return [await instanceLimitFinding(examined), await resultLimitFinding(examined)];
}

const lookInside = 'Look at it in the configuration; 0 means that there is none.';

async function instanceLimitFinding({ side, orthanc, facts, find }: Examined): Promise<DoctorFinding> {
  const check = 'LimitFindInstances';
  if (!facts.hasExtendedFind)
    return find(check, 'ok', 'does not matter: each instance is asked for by itself');
  const { told, isCut } = await askForAll(orthanc, 'Instance');
  if (isCut)
    return find(
      check,
      'warning',
      `an answer holds ${digits(told)} instances at most: the cloner asks on until it has all`,
      'Set LimitFindInstances to 0 during the clone: it spares requests.',
    );
  if (told >= page) return find(check, 'ok', `none below ${digits(page)}`);
  return side === 'source'
    ? find(check, 'ok', `not in the way: all ${digits(told)} instances are told at once`)
    : find(check, 'unknown', `not met by the ${digits(told)} instances that are there`, lookInside);
}

async function resultLimitFinding({ orthanc, facts, find }: Examined): Promise<DoctorFinding> {
  const check = 'LimitFindResults';
  if (!facts.hasExtendedFind) return find(check, 'unknown', 'not told by this version', lookInside);
  const { told, isCut } = await askForAll(orthanc, 'Study');
  const all =
    told >= page ? `none below ${digits(page)}` : `not met by the ${digits(told)} studies that are there`;
  return find(
    check,
    'ok',
    isCut
      ? `C-FIND and searches tell ${digits(told)} studies at most; the cloner lists them another way`
      : all,
  );
}

/** Identifiers only. Whatever arrives meanwhile is not taken for something that was held back. */
async function askForAll(orthanc: Orthanc, level: string): Promise<{ told: number; isCut: boolean }> {
  const count = async (range: { Limit: number; Since?: number }) => {
    const content = { Level: level, Query: {}, ...range };
    const answer = await orthanc.call({ method: 'POST', path: '/tools/find', isFixedRoute: true, content });
    return entriesOf(answer).length;
  };
  const told = await count({ Limit: page });
  if (told >= page || told === 0) return { told, isCut: false };
  if ((await count({ Since: told, Limit: 1 })) === 0) return { told, isCut: false };
  return { told, isCut: (await count({ Limit: told + 1 })) === told };
}

/** Each worker of the cloner holds a thread or two of the server. */
export function threadsFinding({ facts, find }: Examined, workers: number): DoctorFinding {
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
    : find(
        check,
        'warning',
        `${found}, for up to ${digits(workers)} workers`,
        'Raise HttpThreadsCount or lower --worker-threads-count: other clients would wait behind the clone.',
      );
}
