import { spawnSync } from 'node:child_process';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Cost, inThisProcess } from '../measure/cost.ts';
import { runChild } from '../measure/run-child.ts';
import { type ForwardGround, alias } from './forward-ground.ts';
import { rest } from './rest.ts';
import { type Effort, type ForwardCost, runForwarder } from './run-forwarder.ts';

export const modes = ['peering', 'dicom', 'dicom-web'] as const;
export type BenchMode = (typeof modes)[number];

/** One way to get the whole data set from the inbox to a destination. */
export interface ForwardWay {
  readonly name: string;
  readonly role: 'limit' | Effort;
  bring(ground: ForwardGround, destination: RunningOrthanc): Promise<Cost | ForwardCost>;
}

const storeRoutes: Readonly<Record<BenchMode, string>> = {
  peering: `/peers/${alias}/store`,
  dicom: `/modalities/${alias}/store`,
  'dicom-web': `/dicom-web/servers/${alias}/stow`,
};

/** The limits, then the forwarder with ever more to do; the last one leaves the inbox empty. */
export function waysOf(mode: BenchMode): ForwardWay[] {
  return [
    ownJobs(mode, 1),
    ownJobs(mode, 2),
    ...(mode === 'dicom' && hasStorescu() ? [storescu] : []),
    forwarder(mode, 'sending'),
    forwarder(mode, 'with proof'),
    forwarder(mode, 'with deletion'),
  ];
}

const forwarder = (mode: BenchMode, effort: Effort): ForwardWay => ({
  name: `forwarder, ${effort}`,
  role: effort,
  bring: (ground, destination) => runForwarder({ mode, effort, ground, destination }),
});

/** Orthanc's own plain store job: all studies in one, or shared among some that run at a time. */
const ownJobs = (mode: BenchMode, jobs: number): ForwardWay => ({
  name: jobs === 1 ? 'one job of Orthanc' : `${String(jobs)} jobs of Orthanc`,
  role: 'limit',
  bring: ({ inbox, signal }) =>
    inThisProcess(async () => {
      const studies = (await rest(inbox, '/studies', { signal })) as string[];
      const shares = Array.from({ length: jobs }, (_, share) =>
        studies.filter((__, index) => index % jobs === share),
      ).filter((share) => share.length > 0);
      await Promise.all(
        shares.map((share) =>
          rest(inbox, storeRoutes[mode], { body: { Resources: share, Synchronous: true }, signal }),
        ),
      );
    }),
});

const hasStorescu = (): boolean => spawnSync('storescu', ['--version']).status === 0;

/** DCMTK's own sender, with files that lie ready, and without the stall of Nagle's algorithm. */
const storescu: ForwardWay = {
  name: 'storescu',
  role: 'limit',
  bring: async ({ folder, signal }, { aet, dicomHost, dicomPort }) => {
    const where = ['-aec', aet, dicomHost, String(dicomPort)];
    const { exitCode, output, ...cost } = await runChild({
      command: ['storescu', ...where, '+sd', folder],
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', TCP_NODELAY: '1' },
      signal,
    });
    if (exitCode !== 0) throw new Error(`storescu ended with ${String(exitCode)}:\n${output}`);
    return cost;
  },
};
