import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type OrthancVersion,
  type RunningPostgres,
  canStartPostgres,
  openTestbed,
  startPostgres,
} from '@orthanc-tools/orthanc-testbed';
import { type SceneRequest, addStudies, openScene } from './clone-scene.ts';
import { describeTrouble } from './mode-in-trouble.ts';
import { describePromises } from './mode-promises.ts';
import { openModeScene } from './mode-scene.ts';

const { provider } = await openTestbed();
const withPostgres = canStartPostgres(provider) ? describe : describe.skip;

withPostgres('Orthancs whose index is in PostgreSQL [needs an installed PostgreSQL or an engine]', () => {
  const databases = Array.from({ length: 40 }, (_, at) => `index_${String(at)}`);
  const fresh = databases.values();
  let postgres: RunningPostgres;

  beforeAll(async () => {
    postgres = await startPostgres(provider, databases);
  }, 300_000);

  afterAll(async () => {
    await postgres[Symbol.asyncDispose]();
  });

  const indexed = (version: OrthancVersion = '1.13') => {
    const { value: database } = fresh.next();
    if (database === undefined) throw new Error('There are too few databases.');
    return { version, configuration: postgres.indexIn(database) };
  };

  const inPostgres = (request: SceneRequest, version?: OrthancVersion): SceneRequest => ({
    ...request,
    source: indexed(version),
    destination: indexed(version),
  });

  const openIndexed = (request: SceneRequest, version?: OrthancVersion) =>
    openScene(inPostgres(request, version));

  describePromises('Default', (request) => openModeScene(inPostgres(request)));
  describeTrouble('Default', (request) => openModeScene(inPostgres(request)));

  it.each(['1.13', '1.12'] as const)(
    'are cloned on %s and proved, and a second run sends nothing',
    async (version) => {
      await using scene = await openIndexed({ seed: 720 }, version);
      const first = await scene.run();
      expect(first).toMatchObject({ exitCode: 0, stderr: '' });
      expect(first.report.summary).toMatchObject({ studies: 6, copiedInstances: 60, provedInstances: 60 });
      expect(first.report.ledger.byProof).toEqual({ 'id+md5': { items: 6, parts: 60 } });
      expect(await scene.differences()).toEqual([]);
      const second = await scene.run({ argv: [...scene.usualArguments, '--prove-again'] });
      expect(second.report.summary).toMatchObject({ copiedInstances: 0, alreadyThereInstances: 60 });
      const system = (await (await fetch(`${scene.source.url}/system`)).json()) as Record<string, unknown>;
      expect(system['DatabaseBackendPlugin']).toEqual(expect.stringContaining('PostgreSQL'));
    },
  );

  it('lose nothing where some uploads are refused', async () => {
    await using scene = await openIndexed({ seed: 721, studies: 4 });
    scene.toDestination.addFault({ effect: 'answer', status: 503, rate: 0.3, matching: isUpload });
    const run = await scene.run();
    expect(run.exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('give their labels on, and are followed', async () => {
    await using scene = await openIndexed({ seed: 723, studies: 2 });
    const [study = ''] = await ids(scene.source.url);
    await fetch(`${scene.source.url}/studies/${study}/labels/urgent`, { method: 'PUT', body: '' });
    const ending = new AbortController();
    let added: Promise<void> | undefined;
    const run = await scene.run({
      argv: scene.usualArguments.filter((argument) => argument !== '--existing-changes-only'),
      signal: ending.signal,
      onOutput: (printed) => {
        const verified = printed.split('"study.verified"').length - 1;
        if (verified === 2) added ??= addStudies(scene, 724);
        if (verified === 4) ending.abort();
      },
    });
    await added;
    expect(run.exitCode).toBe(130);
    expect(await ids(scene.destination.url)).toHaveLength(4);
    expect(await scene.differences()).toEqual([]);
    const labels = await fetch(`${scene.destination.url}/studies/${study}/labels`);
    expect(await labels.json()).toEqual(['urgent']);
  });
});

const isUpload = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'POST' && /^\/(instances|dicom-web\/studies)/.test(path);

const ids = async (url: string): Promise<string[]> =>
  (await (await fetch(`${url}/studies`)).json()) as string[];
