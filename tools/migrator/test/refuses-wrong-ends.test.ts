import { describe, expect, it } from '@jest/globals';
import { openTestbed, startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { imagesOf, openScene } from './migration-scene.ts';

interface Entry {
  readonly AET: string;
  readonly Host: string;
  readonly Port: number;
}

describe('a source', () => {
  it('that is its own destination is refused, under whatever alias', async () => {
    await using scene = await openScene({ seed: 'own destination', archive: {}, knowsItself: true });
    const known = (await (await fetch(`${scene.orthanc.url}/modalities?expand`)).json()) as {
      readonly pacs: Entry;
    };
    const enter = (alias: string, entry: Entry) =>
      fetch(`${scene.orthanc.url}/modalities/${alias}`, { method: 'PUT', body: JSON.stringify(entry) });
    await enter('twin', known.pacs);
    for (const ends of [
      ['--source-modality=pacs', '--destination-modality=pacs'],
      ['--source-modality=pacs', '--destination-modality=twin'],
      ['--source-modality=pacs', `--destination-aet=${known.pacs.AET}`],
      ['--source-modality=self'],
      ['--source-modality=self', '--destination-modality=archive'],
    ]) {
      const run = await scene.run({ more: ends });
      expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('DESTINATION_IS_SOURCE')]);
      expect(run.stderr).toContain('--source-modality (SOURCE_MODALITY)');
    }
    expect(await scene.pacs.moves()).toEqual([]);
    // Nobody knows whether two names mean one host.
    await enter('elsewhere', { ...known.pacs, Host: '0.0.0.0' });
    const doubtful = await scene.run({
      command: ['doctor'],
      more: ['--source-modality=pacs', '--destination-modality=elsewhere'],
    });
    expect(doubtful.stdout).toMatch(/WARNING +another server .*may lead to one server/);
    const apart = await scene.run({ more: ['--destination-modality=archive'] });
    expect(apart).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('destination.doubtful') });
  });
});

describe('a destination that is to vouch for what is deleted', () => {
  it('is no second Orthanc on the same storage', async () => {
    const { hostAddress } = await openTestbed();
    await using scene = await openScene({ seed: 'one storage', seeds: 'orthanc' });
    // Another name, and all else as it is: what two Orthancs on one database would tell.
    await using second = await startFaultProxy(scene.orthanc.url, { seed: 1, host: '0.0.0.0' });
    const told = (await (await fetch(`${scene.orthanc.url}/system`)).json()) as object;
    const body = JSON.stringify({ ...told, Name: 'second', DicomAet: 'SECOND' });
    second.addFault({ effect: 'answer', status: 200, body, matching: ({ path }) => path === '/system' });
    await fetch(`${scene.orthanc.url}/peers/second`, {
      method: 'PUT',
      body: JSON.stringify({ Url: `http://${hostAddress}:${String(second.port)}` }),
    });
    const ends = ['--source-modality=none', '--destination-peer=second', `--dest-url=${second.url}`];
    const run = await scene.run({ more: [...ends, '--delete-from-source'] });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('DESTINATION_IS_SOURCE')]);
  });
});

interface Told {
  readonly subject: string;
  readonly check: string;
  readonly verdict: string;
  readonly remedy?: string;
}

describe('doctor', () => {
  it.each([
    ['an address where nothing listens', ['--destination-peer=archive', '--dest-url=http://127.0.0.1:9']],
    ['a peer that Orthanc does not know', ['--destination-peer=nobody', '--dest-url=http://127.0.0.1:9']],
  ])('calls %s a problem, and says what to do', async (_, more) => {
    await using scene = await openScene({ seed: 'doctor of a peer', archive: {}, shape: { studies: 1 } });
    const run = await scene.run({ command: ['doctor', '--json'], more });
    const { findings } = JSON.parse(run.stdout) as { readonly findings: readonly Told[] };
    expect(run.exitCode).toBe(2);
    expect(findings).toContainEqual(
      expect.objectContaining({
        subject: expect.stringContaining('destination'),
        verdict: 'problem',
        remedy: expect.any(String),
      }),
    );
    expect(findings.filter(({ verdict, remedy }) => verdict !== 'ok' && remedy === undefined)).toEqual([]);
  });

  it('finds nothing wrong with a peer that answers, and warns of an AET that nobody can be asked about', async () => {
    await using scene = await openScene({ seed: 'doctor of an AET', archive: {}, knowsArchive: false });
    const peer = ['--destination-peer=archive', `--dest-url=${scene.archive?.url ?? ''}`];
    expect(await scene.run({ command: ['doctor'], more: peer })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/ok +peer/),
    });
    const aet = [`--destination-aet=${scene.archive?.aet ?? ''}`];
    const { stdout } = await scene.run({ command: ['doctor'], more: aet });
    expect(stdout).toMatch(/WARNING +AET .*nobody can be asked what has arrived/);
  });
});

describe('plan', () => {
  it('of a source that is away ends when its retries are used up', async () => {
    await using scene = await openScene({ seed: 'plan away' });
    scene.pacs.door.reject(true);
    const run = await scene.run({ command: ['plan'], more: ['--max-retries=1'] });
    expect([run.exitCode, run.stderr]).toEqual([
      2,
      expect.stringContaining('DESTINATION_REJECTS_ASSOCIATION'),
    ]);
    expect(run.stderr).toContain('Asked 2 times.');
    expect(run.stdout.split('"server.waited_for"')).toHaveLength(2);
  });
});
