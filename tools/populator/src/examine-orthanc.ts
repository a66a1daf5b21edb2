import type { Finding } from '@orthanc-tools/failures';
import type { OrthancConnection } from '@orthanc-tools/orthanc-client';
import {
  type Check,
  content,
  examineServer,
  httpThreads,
  labels,
  rightToStore,
  storageLimit,
  transcodingOnArrival,
} from '@orthanc-tools/server-examination';
import { roundTripMs } from './is-far.ts';

interface Wishes {
  readonly workers: number;
  readonly hasLabels: boolean;
}

/** What a careful person would look at on the server before it is filled. */
export function examineOrthanc(connection: () => OrthancConnection, wishes: Wishes): Promise<Finding[]> {
  const { workers, hasLabels } = wishes;
  return examineServer(
    {
      subject: 'Orthanc',
      flags: '--orthanc',
      asker: { command: 'orthanc-populator', name: 'the populator', work: 'the run' },
      connection,
      refused: ({ message }, find) => [
        find(
          'answer',
          'problem',
          message,
          'Correct the address, user, password, key or certificates (--orthanc-…).',
        ),
      ],
    },
    [
      version,
      content,
      rightToStore,
      ...(hasLabels ? [wantedLabels] : []),
      transcodingOnArrival('What is stored then differs from the manifest: empty IngestTranscoding.'),
      storageLimit({ deleting: lessOrMore, refusing: lessOrMore }),
      httpThreads(workers, 'Raise HttpThreadsCount, or lower --workers (WORKERS).'),
    ],
  );
}

const lessOrMore = 'Raise MaximumStorageSize and MaximumPatientCount, or make less.';

const version: Check = {
  name: 'version',
  isNeeded: true,
  async look({ orthanc, facts, find }) {
    const answer = Math.round(await roundTripMs(orthanc));
    const found = `Orthanc ${facts.version} at ${orthanc.url}, answers within ${String(answer)} ms`;
    return find('version', 'ok', found);
  },
};

const wantedLabels = labels({
  verdict: 'warning',
  found: 'not supported: none are put',
  remedy: 'Use Orthanc 1.12.0 or newer.',
});
