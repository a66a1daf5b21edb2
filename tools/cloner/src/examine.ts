import type { Finding } from '@orthanc-tools/failures';
import { type OrthancConnection, connectionFrom } from '@orthanc-tools/orthanc-client';
import {
  type Asker,
  type Check,
  answer,
  authentication,
  clock,
  content,
  examineServer,
  freeSpace,
  gdcm,
  httpThreads,
  overwriteMode,
  plugins,
  rightToRead,
  rightToStore,
  searchLimits,
  stableAge,
  storageLimit,
  storedMd5,
  tcpNoDelay,
  transcodingOnArrival,
  transport,
  version,
} from '@orthanc-tools/server-examination';
import type { ClonerOptions } from './options.ts';

const asker: Asker = { command: 'orthanc-cloner', name: 'the cloner', work: 'the clone' };

const weakProof =
  'Set StoreMD5ForAttachments to true: otherwise an instance is proved by its ID and size only.';

const otherPlugins = [
  gdcm,
  { id: 'transfers', name: 'transfers plugin', cost: 'costs nothing, only the mode Transfer uses it' },
];

const slower = 'The copy works, but slower';

const threads = (workers: number): Check =>
  httpThreads(
    workers,
    'Raise HttpThreadsCount or lower --worker-threads-count: other clients would wait behind the clone.',
  );

interface Surroundings {
  readonly now: () => Date;
  readonly options: ClonerOptions;
}

/** What a careful administrator would look at on the server that is to be copied. */
export function examineSource({ now, options }: Surroundings): Promise<Finding[]> {
  const connection = (): OrthancConnection => connectionFrom(options, 'source');
  return examineServer({ subject: 'source', flags: '--source', asker, connection }, [
    answer,
    version,
    authentication,
    transport,
    rightToRead,
    overwriteMode((mode) => ({
      verdict: 'ok',
      found: `${mode}: what changes after its copy is reported as CONTENT_CONFLICT`,
    })),
    storedMd5(weakProof),
    stableAge({ meaning: 'The cloner does not wait for it: what arrives is copied at once.' }),
    plugins(
      {
        gain: 'whole series are read by one request',
        loss: 'each instance is read by a request of its own',
        consequence: slower,
      },
      otherPlugins,
    ),
    searchLimits({ mayBeEmpty: false }),
    content,
    storageLimit({
      deleting:
        'What is deleted before it is copied is lost: raise MaximumStorageSize and MaximumPatientCount until the clone is done.',
      refusing: undefined,
    }),
    threads(options.workerThreadsCount),
    clock(now),
    tcpNoDelay,
  ]);
}

/** Below it, scripts at the destination that wait for stable studies see halves of studies while they arrive. */
const shortStableAge = 10;
const halves = 'Scripts there that wait for stable studies see half a study when its copy pauses for longer.';

/** What a careful administrator would look at on the server that is to be filled. */
export function examineDestination({ now, options }: Surroundings): Promise<Finding[]> {
  const connection = (): OrthancConnection => connectionFrom(options, 'dest');
  return examineServer({ subject: 'destination', flags: '--dest', asker, connection }, [
    answer,
    version,
    authentication,
    transport,
    rightToStore,
    overwriteMode((mode) => ({
      verdict: 'warning',
      found: `${mode}: what arrives replaces what is there`,
      remedy:
        'Set OverwriteInstances to Never (false) during the clone: the cloner looks before it sends, but what another sender stores in between would be replaced.',
    })),
    storedMd5(weakProof),
    transcodingOnArrival(
      'Instances are stored with other bytes and cannot be proved equal: switch IngestTranscoding off during the clone.',
    ),
    stableAge({
      meaning: halves,
      judge: (seconds) =>
        seconds < shortStableAge
          ? { verdict: 'warning', remedy: `Raise StableAge during the clone. ${halves}` }
          : undefined,
    }),
    plugins(
      {
        gain: 'many instances are stored by one request',
        loss: 'instances are stored singly or as ZIP',
        consequence: slower,
      },
      otherPlugins,
    ),
    searchLimits({ mayBeEmpty: true }),
    content,
    storageLimit({
      deleting:
        'A clone that exceeds it loses patients silently: raise MaximumStorageSize and MaximumPatientCount, or set MaximumStorageMode to Reject.',
      refusing:
        'See that the source fits in: raise MaximumStorageSize and MaximumPatientCount, or the clone will stop there.',
    }),
    freeSpace(
      'Look on that machine with df -h at StorageDirectory and IndexDirectory: as much as the content of the source must be free.',
    ),
    threads(options.workerThreadsCount),
    clock(now, { isNeeded: true }),
    tcpNoDelay,
  ]);
}
