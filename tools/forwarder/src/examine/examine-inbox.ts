import type { Finding } from '@orthanc-tools/failures';
import { connectionFrom } from '@orthanc-tools/orthanc-client';
import {
  type Check,
  answer,
  authentication,
  clock,
  content,
  examineServer,
  httpThreads,
  overwriteMode,
  plugins,
  rightToRead,
  searchLimits,
  stableAge,
  storageLimit,
  storedMd5,
  tcpNoDelay,
  transport,
  version,
} from '@orthanc-tools/server-examination';
import { neededInbox } from '../check-find.ts';
import type { Route } from '../destination.ts';
import type { ForwarderOptions } from '../read-destinations.ts';
import { asker } from './asker.ts';

interface InboxQuestion {
  readonly options: ForwarderOptions;
  /** Every way to a destination that is configured. */
  readonly routes: readonly Route[];
  readonly now: () => Date;
}

/** What a careful administrator would look at on the Orthanc whose content is sent on and deleted. */
export function examineInbox({ options, routes, now }: InboxQuestion): Promise<Finding[]> {
  const connection = () => connectionFrom(options, 'source');
  const goesBy = (mode: string) => routes.some((route) => route.mode.startsWith(mode));
  return examineServer({ subject: 'inbox', flags: '--source', asker, connection }, [
    answer,
    versionOfInbox,
    authentication,
    transport,
    rightToRead,
    rightToDelete,
    overwriteMode((mode) => ({
      verdict: 'ok',
      found: `${mode}: what arrives anew under the same identifiers is forwarded again`,
    })),
    storedMd5(
      'Set StoreMD5ForAttachments to true: otherwise nothing tells whether another Orthanc holds the same bytes.',
    ),
    ...(options.trigger === 'NewInstance' ? [] : [stableAgeBeside(options.quietTime)]),
    neededPlugins(goesBy('dicom-web'), goesBy('transfer')),
    searchLimits({ mayBeEmpty: true }),
    content,
    storageLimit({
      deleting:
        'What is deleted before it is forwarded is lost: set MaximumStorageMode to Reject, so that senders are refused and keep their images, or raise MaximumStorageSize and MaximumPatientCount.',
      refusing: undefined,
    }),
    httpThreads(
      options.workerThreadsCount,
      'Raise HttpThreadsCount or lower --worker-threads-count: who sends to the inbox would wait behind the forwarder.',
    ),
    clock(now),
    ...(routes.some(({ mode }) => mode === 'dicom' || mode === 'dicom-series-by-series') ? [tcpNoDelay] : []),
  ]);
}

/** Elsewhere it is a matter of speed. */
const versionOfInbox: Check = {
  ...version,
  async look(examined) {
    const findings = [await version.look(examined)].flat();
    if (examined.facts.hasExtendedFind) return findings;
    const isAnother = ({ check }: Finding) => check !== 'ExtendedFind';
    const lacking = examined.find(
      'ExtendedFind',
      'problem',
      'not offered: nothing can be forwarded',
      `Use ${neededInbox}.`,
    );
    return [...findings.filter(isAnother), lacking];
  },
};

/** An identifier under which nothing is held. */
const nothing = '00000000-00000000-00000000-00000000-00000000';

/** Deletes what is not there, by the very request that deletes what was proved. */
const rightToDelete: Check = {
  name: 'right to delete',
  isNeeded: true,
  async look({ orthanc, facts, find }) {
    if (facts.isReadOnly)
      return find('right to delete', 'problem', 'a read-only Orthanc', 'Set ReadOnly to false.');
    await orthanc.instances.deleteAll([nothing]);
    return find('right to delete', 'ok', 'given: POST /tools/bulk-delete is allowed');
  },
};

const shortestQuietSeconds = 10;

/** A unit goes when Orthanc calls it stable and nothing has come for the quiet time: the longer of both counts. */
function stableAgeBeside(quietMs: number): Check {
  const quiet = Math.round(quietMs / 1000);
  const meaning = `What is complete goes when it is stable there and ${String(quiet)} s have passed without a further image (--quiet-time).`;
  return stableAge({
    meaning,
    judge: (seconds) =>
      Math.max(seconds, quiet) >= shortestQuietSeconds
        ? undefined
        : {
            verdict: 'warning',
            remedy: `${meaning} A modality that pauses for longer has its study sent in parts: raise StableAge or --quiet-time (QUIET_TIME).`,
          },
  });
}

const neededPlugins = (needsDicomWeb: boolean, needsTransfers: boolean): Check =>
  plugins(
    {
      gain: needsDicomWeb
        ? 'it sends and asks for the mode dicom-web'
        : 'no destination goes by the mode dicom-web',
      loss: needsDicomWeb
        ? 'nothing can be sent by the mode dicom-web'
        : 'costs nothing, no destination goes by it',
      consequence: 'The mode dicom-web needs it',
      verdict: needsDicomWeb ? 'problem' : 'ok',
    },
    needsTransfers
      ? [
          {
            id: 'transfers',
            name: 'transfers accelerator',
            cost: 'nothing can be sent by the mode transfer',
            needed: 'The mode transfer needs it: enable the transfers plugin, or use the mode peering.',
          },
        ]
      : [],
  );
