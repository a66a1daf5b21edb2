import { expect } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, openTestbed, seedOrthanc, startLinked } from '@orthanc-tools/orthanc-testbed';
import { callExported } from '../call-exported.ts';
import type { PackagedTool } from '../packaged-tool.ts';
import { pythonArguments } from '../python-comparator.ts';

const studies = [
  ...synthesizeArchive({
    seed: 'package',
    studies: 3,
    seriesPerStudy: 1,
    instancesPerSeries: 2,
    imageSize: 8,
    studyDates: { from: '20220201', to: '20220302' },
  }),
];

const filesOf = (some: typeof studies) =>
  some.flatMap((study) => [...study.instances()].map(({ bytes }) => bytes));

/** Orthanc holds three studies, the modality two of them. */
async function openPair() {
  const linked = await startLinked(await openTestbed(), { destinations: { 'pacs-2017': {} } });
  await seedOrthanc(linked.source, filesOf(studies));
  await seedOrthanc(linked.destinations['pacs-2017'], filesOf(studies.slice(1)));
  return linked;
}

const held = async (server: RunningOrthanc): Promise<number> =>
  ((await (await fetch(new URL('/studies', server.url))).json()) as string[]).length;

export const comparatorPackage: PackagedTool = {
  tool: 'comparator',
  call: 'compareOrthanc',
  jobs: [
    {
      promise:
        'compares and repairs by the command line of the Python documentation, but for the address and the hours',
      async keep(installed) {
        await using pair = await openPair();
        const argv = pythonArguments.map((word) => word.replace('http://pacs-2022:8042', pair.source.url));
        const { exitCode, stdout, stderr } = await installed.npx(argv);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        expect(stdout).toContain('"repaired":1');
        expect(await held(pair.destinations['pacs-2017'])).toBe(3);
      },
    },

    {
      promise: 'compares by the function that it exports',
      async keep(installed) {
        await using pair = await openPair();
        const options = {
          orthancUrl: pair.source.url,
          modality: 'pacs-2017',
          fromStudyDate: '20220201',
          toStudyDate: '20220302',
        };
        const ended = await callExported(installed, { tool: 'comparator', call: 'compareOrthanc', options });
        expect(ended).toMatchObject({
          exitCode: 4,
          summary: { comparedStudies: 3, onlyInOrthanc: 1 },
        });
      },
    },
  ],
};
