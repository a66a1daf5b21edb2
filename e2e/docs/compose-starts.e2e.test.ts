import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { buildToolImage, openTestbed, postgresImage, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { toolNames } from '../command/tool-names.ts';
import { blocksTriedBy } from './blocks-tried-by.ts';
import { repository } from './read-pages.ts';

const run = promisify(execFile);

/** Compose as a command of its own, as Debian has it, or as one of Docker's. */
const compose = [['docker-compose'], ['docker', 'compose']].find(
  ([program = '', ...words]) => spawnSync(program, [...words, 'version']).status === 0,
);
const testbed = await openTestbed();
const canRun = testbed.provider === 'containers' && compose !== undefined;

/** What the log of each tool says when its file has done what it is for. */
const signs: Readonly<Record<string, RegExp>> = {
  cloner: /"study\.verified"/,
  forwarder: /"destination\.provable"/,
  importer: /"run\.finished","exitCode":0.*"storedInstances":2/,
  migrator: /"run\.finished","exitCode":0/,
  comparator: /"run\.finished","exitCode":[04]/,
  populator: /"run\.finished","exitCode":0/,
  cleaner: /"run\.finished","exitCode":0/,
  'hl7-server': /"run\.started"/,
};

const archive = synthesizeArchive({ seed: 1501, studies: 1, seriesPerStudy: 1, instancesPerSeries: 2 });
const files = [...archive].flatMap((study) => Array.from(study.instances(), ({ bytes }) => bytes));

/** The page's command is that for any of the files; it is started in the background, with a project of its own. */
const [documented] = await blocksTriedBy(import.meta.url, 'docker/compose/README.md');
const [, documentedFile = ''] =
  /^docker compose -f (docker\/compose\/cloner\.yml) up$/.exec(documented.text) ?? [];

/** The file as it is, with images of this machine, by tool, in place of those of a registry. */
async function openFile(name: string, folder: string, images: Readonly<Record<string, string>>) {
  const [program = '', ...words] = compose ?? [];
  const override = join(folder, `${name}.images.yml`);
  const services = Object.entries(images).map(([tool, image]) => [`orthanc-${tool}`, { image }]);
  await writeFile(override, JSON.stringify({ services: Object.fromEntries(services) as object }));
  const file = join(repository, documentedFile.replace('cloner', name));
  const env = {
    ...process.env,
    // Of the testbed's own, named as the registry's would be.
    ORTHANC_IMAGE: await testbed.prepare(),
    ...(name === 'full' && { POSTGRES_IMAGE: await postgresImage() }),
    IMPORT_FOLDER: folder,
  };
  const call = async (...more: string[]): Promise<string> => {
    const project = `orthanc-tools-test-${name}`;
    const { stdout } = await run(program, [...words, '-p', project, '-f', file, '-f', override, ...more], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  };
  return {
    /** All services, unless some are named. */
    start: (...wanted: string[]) => call('up', '-d', ...wanted),
    log: (tool: string) => call('logs', '--no-color', `orthanc-${tool}`),
    [Symbol.asyncDispose]: async () => {
      await call('down', '--volumes', '--timeout', '5');
    },
  };
}

/** Instances of the Orthanc at that port; undefined while it does not answer. */
async function countAt(port: number): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${String(port)}/statistics`).catch(() => undefined);
  return ((await answer?.json()) as { CountInstances?: unknown } | undefined)?.CountInstances;
}

/** As soon as it answers. */
async function seed(): Promise<void> {
  const url = 'http://127.0.0.1:8042';
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(200))
    if (await fetch(`${url}/system`).catch(() => undefined)) break;
  await seedOrthanc({ url }, files);
}

it('The page starts the file of one tool by its name', () => {
  expect(documentedFile).toBe('docker/compose/cloner.yml');
});

(canRun ? describe : describe.skip)('[engine, Compose] the compose file', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'compose-'));
    // The tool in the container is another user.
    await chmod(folder, 0o755);
    for (const [index, bytes] of files.entries())
      await writeFile(join(folder, `${String(index)}.dcm`), bytes);
    await testbed.prepare();
  });

  afterAll(() => rm(folder, { recursive: true }));

  it.each(toolNames)('of the %s works at the first try', async (tool) => {
    await using image = await buildToolImage(tool);
    await using running = await openFile(tool, folder, { [tool]: image.name });
    await running.start();
    if (tool === 'cloner') await seed();
    for (const deadline = Date.now() + 60_000; ;) {
      const log = await running.log(tool);
      const sign = signs[tool] ?? /never/;
      if (sign.test(log)) break;
      if (Date.now() > deadline) expect(log).toMatch(sign);
    }
  });

  it('of all together takes what the inbox receives to the archive on PostgreSQL, and to its copy', async () => {
    await using stack = new AsyncDisposableStack();
    const images: Record<string, string> = {};
    for (const tool of ['forwarder', 'cloner', 'cleaner', 'hl7-server'])
      images[tool] = stack.use(await buildToolImage(tool)).name;
    const running = stack.use(await openFile('full', folder, images));
    // Prometheus and Grafana come from a registry only.
    const tools = Object.keys(images).map((tool) => `orthanc-${tool}`);
    await running.start('inbox', 'archive', 'copy', 'index', ...tools);
    await seed();
    for (const deadline = Date.now() + 120_000; ; await delay(500)) {
      const held = [await countAt(8043), await countAt(8044)];
      if (held.every((count) => count === files.length)) break;
      if (Date.now() > deadline) {
        console.error(await running.log('forwarder'), await running.log('cloner'));
        expect(held).toEqual([files.length, files.length]);
      }
    }
    expect(await running.log('cleaner')).toMatch(/"run\.started"/);
    expect(await running.log('hl7-server')).toMatch(/"server\.listening"/);
  });
});
