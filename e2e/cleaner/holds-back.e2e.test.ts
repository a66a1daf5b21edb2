import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, openTestbed, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type EndedCommand, builtTool, startCommand } from '../command/running-command.ts';

const cleaner = builtTool('cleaner');

interface Archive extends AsyncDisposable {
  readonly orthanc: RunningOrthanc;
  /** Orthanc IDs of its studies, all of 2019. */
  readonly studies: readonly string[];
  readonly files: readonly Uint8Array[][];
  held(): Promise<string[]>;
  label(study: string | undefined, label: string, method?: 'PUT' | 'DELETE'): Promise<void>;
  /** Runs the built command once, with these rules. */
  clean(rules: object, more?: readonly string[]): Promise<EndedCommand>;
  /** The events of the audit trail. */
  trail(): Promise<string[]>;
}

async function openArchive(studies: number): Promise<Archive> {
  await using opening = new AsyncDisposableStack();
  const testbed = await openTestbed();
  const orthanc = opening.use(await testbed.startOrthanc({ name: 'archive' }));
  const folder = await mkdtemp(join(tmpdir(), 'cleaner-e2e-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const files = [
    ...synthesizeArchive({
      ...{ seed: 'held back', studies, seriesPerStudy: 1, instancesPerSeries: 2, imageSize: 8 },
      studyDates: { from: '20190101', to: '20191231' },
    }),
  ].map((study) => [...study.instances()].map(({ bytes }) => bytes));
  await seedOrthanc(orthanc, files.flat());
  const now = async () => (await fetch(`${orthanc.url}/tools/now`)).text();
  /** What was changed within the second of the plan is left alone. */
  const secondOver = async () => {
    const second = await now();
    while ((await now()) === second) await delay(50);
  };
  const held = async () => (await (await fetch(`${orthanc.url}/studies`)).json()) as string[];
  const stack = opening.move();
  return {
    orthanc,
    files,
    studies: (await held()).toSorted(),
    held: async () => (await held()).toSorted(),
    label: async (study, label, method = 'PUT') => {
      await fetch(`${orthanc.url}/studies/${String(study)}/labels/${label}`, { method });
    },
    clean: async (rules, more = []) => {
      const path = join(folder, 'rules.json');
      await writeFile(path, JSON.stringify(rules));
      await utimes(path, new Date(0), new Date(0));
      await secondOver();
      const places = [
        `--ledger-path=${join(folder, 'ledger.sqlite')}`,
        `--audit-trail=${join(folder, 'trail')}`,
      ];
      const usual = [`--url=${orthanc.url}`, `--labels-file-path=${path}`, '--once', '--log-format=json'];
      return await startCommand(cleaner, [...usual, ...places, ...more]).ended;
    },
    trail: async () =>
      (await readFile(join(folder, 'trail'), 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { event: string }).event),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const whatIsOld = { name: 'old', everything: true, olderThan: '1 year', by: 'study-date' };
const everyOldOne = { rules: [whatIsOld] };

describe('an archive of which everything is due', () => {
  it('loses nothing by a blown fuse, and all of it once a person has said so', async () => {
    await using archive = await openArchive(12);
    const blown = await archive.clean(everyOldOne);
    expect(blown.exitCode).toBe(3);
    expect(blown.stdout).toContain('"fuse.blown"');
    expect(await archive.held()).toEqual(archive.studies);
    const told = await archive.clean(everyOldOne, ['--max-percent=100']);
    expect(told).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await archive.held()).toEqual([]);
    expect((await archive.trail()).slice(0, 3)).toEqual(['plan.made', 'fuse.blown', 'plan.made']);
  });

  it('keeps what a keep rule names, whatever the other rules say', async () => {
    await using archive = await openArchive(4);
    const [taught, ...others] = archive.studies;
    await archive.label(taught, 'TEACHING');
    const rules = { ...everyOldOne, keep: [{ name: 'teaching', labels: ['TEACHING'] }] };
    const { exitCode } = await archive.clean(rules, ['--max-percent=100']);
    expect(exitCode).toBe(0);
    expect(others).toHaveLength(3);
    expect(await archive.held()).toEqual([taught]);
  });

  it('is labelled first where there is a quarantine, and deleted at no later look before it is over', async () => {
    await using archive = await openArchive(3);
    const quarantine = ['--max-percent=100', '--quarantine-days=7'];
    const first = await archive.clean(everyOldOne, quarantine);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    const labelled = async () =>
      (await (
        await fetch(`${archive.orthanc.url}/tools/find`, {
          method: 'POST',
          body: JSON.stringify({ Level: 'Study', Query: {}, Labels: ['to-be-deleted'] }),
        })
      ).json()) as string[];
    expect((await labelled()).toSorted()).toEqual(archive.studies);
    // Somebody objects.
    const [kept] = archive.studies;
    await archive.label(kept, 'to-be-deleted', 'DELETE');
    const second = await archive.clean(everyOldOne, quarantine);
    expect(second.exitCode).toBe(0);
    expect(await archive.held()).toEqual(archive.studies);
    expect((await labelled()).toSorted()).toEqual(archive.studies.slice(1));
  });

  it('loses only what another Orthanc holds with the same bytes', async () => {
    await using archive = await openArchive(3);
    await using elsewhere = await (await openTestbed()).startOrthanc({ name: 'elsewhere' });
    await seedOrthanc(elsewhere, archive.files[0] ?? []);
    const there = (await (await fetch(`${elsewhere.url}/studies`)).json()) as string[];
    const { exitCode } = await archive.clean(everyOldOne, [
      '--max-percent=100',
      `--only-if-at=${elsewhere.url}`,
    ]);
    expect(exitCode).toBe(3);
    expect(there).toHaveLength(1);
    expect(await archive.held()).toEqual(archive.studies.filter((study) => !there.includes(study)));
  });
});
