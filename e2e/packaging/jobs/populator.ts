import { expect } from '@jest/globals';
import { openTestbed, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { callExported } from '../call-exported.ts';
import type { PackagedTool } from '../packaged-tool.ts';
import { pythonArguments } from '../python-populator.ts';

export const populatorPackage: PackagedTool = {
  tool: 'populator',
  call: 'populateOrthanc',
  jobs: [
    {
      promise: 'tells of the 5,000 studies of the Python documentation what it would make',
      async keep(installed) {
        const { exitCode, stdout, stderr } = await installed.npx([...pythonArguments, '--dry-run']);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        expect(stdout.match(/"event":"study\.planned"/g)).toHaveLength(5000);
        expect(stdout).toMatch(/"event":"run\.finished".*"studies":5000/);
      },
    },

    {
      promise: 'makes them by the same command line, but for address and number',
      async keep(installed) {
        await using orthanc = await openOrthanc();
        const { exitCode, stdout, stderr } = await installed.npx(
          pythonArguments.map((argument) =>
            argument.replace('http://192.168.0.10:8042', orthanc.url).replace('=5000', '=3'),
          ),
        );
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        const { storedInstances } = finishIn(stdout);
        expect((await snapshotOrthanc({ url: orthanc.url, ...guest })).size).toBe(storedInstances);
        expect(storedInstances).toBeGreaterThan(2);
      },
    },

    {
      promise: 'fills an Orthanc by the function that it exports',
      async keep(installed) {
        await using orthanc = await openOrthanc();
        const options = { orthancUrl: orthanc.url, orthancUser: 'user', orthancPwd: 'pwd', studies: 2 };
        const ended = await callExported(installed, {
          tool: 'populator',
          call: 'populateOrthanc',
          options: { ...options, series: 1, instances: 3 },
        });
        expect(ended).toMatchObject({ exitCode: 0, summary: { storedInstances: 6 } });
        expect((await snapshotOrthanc({ url: orthanc.url, ...guest })).size).toBe(6);
      },
    },
  ],
};

const guest = { user: 'user', password: 'pwd' };

const openOrthanc = async () =>
  (await openTestbed()).startOrthanc({
    name: 'populated',
    configuration: { AuthenticationEnabled: true, RegisteredUsers: { user: 'pwd' } },
  });

/** What the last line of its log says it has done. */
const finishIn = (log: string): { readonly storedInstances: number } =>
  JSON.parse(log.split('\n').find((line) => line.includes('"event":"run.finished"')) ?? 'null') as {
    storedInstances: number;
  };
