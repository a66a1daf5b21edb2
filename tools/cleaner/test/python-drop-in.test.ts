import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { type Scene, movedClock, openScene } from './clean-scene.ts';

/** As its documentation has it, letter by letter, after the module's name. */
const documented =
  '--url=http://localhost:8042 --user=orthanc --password=orthanc --execution_time=2:30 --labels_file_path=./tests/stimuli/labels.csv';
const labelsFile = 'LABEL1,6\nLABEL2,12\n';

const configuration = { AuthenticationEnabled: true, RegisteredUsers: { orthanc: 'orthanc' } };

async function openArchive(): Promise<Scene> {
  // A little before the time of execution; what was stored long before it, but for the studies' dates.
  const scene = await openScene({ clock: '2026-01-01 10:00:00' });
  await scene.make({ name: 'first', labels: ['LABEL1'], studyDate: '20260518' });
  await scene.make({ name: 'first too new', labels: ['LABEL1'], studyDate: '20260520' });
  await scene.make({ name: 'second', labels: ['LABEL2'], studyDate: '20260101' });
  await scene.make({ name: 'second too new', labels: ['LABEL2'], studyDate: '20260518' });
  await scene.make({ name: 'other', labels: ['LABEL3'], studyDate: '20200101' });
  return scene;
}

/** Until it says that it has cleaned. */
async function cleanByNight(scene: Scene, argv: readonly string[], env: Readonly<Record<string, string>>) {
  await scene.moveTo('2026-06-30 02:29:50');
  const ending = new AbortController();
  return scene.run({
    argv,
    env: { TZ: 'UTC', MAX_PERCENT: '100', ...env },
    clock: movedClock('2026-06-30 02:29:58'),
    signal: ending.signal,
    onOutput: (stdout) => {
      if (stdout.includes('"cleaning.finished"')) ending.abort();
    },
  });
}

it('cleans at the time of the documented command line, by the documented file', async () => {
  await using scene = await openArchive();
  const path = join(scene.folder, 'labels.csv');
  await writeFile(path, labelsFile);
  const argv = documented
    .replace('http://localhost:8042', scene.proxy.url)
    .replace('./tests/stimuli/labels.csv', path)
    .split(' ');
  const { exitCode, events, stderr } = await cleanByNight(scene, argv, {});
  expect([exitCode, stderr]).toEqual([130, '']);
  expect(events('run.awaited')[0]).toMatchObject({ at: '2026-06-30T02:30:00.000Z' });
  expect(events('cleaning.finished')).toMatchObject([{ deletedStudies: 2 }]);
  expect(await scene.held()).toEqual(['first too new', 'other', 'second too new']);
});

it('takes the variables of the Python tool, and an Orthanc that asks for a user', async () => {
  await using scene = await openScene({ clock: '2026-06-30 02:29:50', configuration });
  const path = join(scene.folder, 'labels.csv');
  await writeFile(path, ',6,,acc-nr\n');
  const env = {
    ORTHANC_URL: scene.proxy.url,
    ORTHANC_USER: 'orthanc',
    ORTHANC_PWD: 'orthanc',
    EXECUTION_TIME: '02:30:00',
    LABELS_FILE_PATH: path,
  };
  const { exitCode, events } = await cleanByNight(scene, [], env);
  expect([exitCode, events('cleaning.finished')]).toMatchObject([130, [{ plannedStudies: 0 }]]);
});

it('refuses a line that would delete everything before anything is asked', async () => {
  await using scene = await openScene();
  const { exitCode, stderr } = await scene.run({ rules: ',6,,\n' });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('line 1, column 1')]);
  expect(scene.proxy.requests).toEqual([]);
});
