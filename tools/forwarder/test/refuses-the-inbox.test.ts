import { describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, seedOrthanc, startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './forward-scene.ts';

async function knowsItself(inbox: RunningOrthanc): Promise<void> {
  const put = (path: string, content: unknown) =>
    fetch(`${inbox.url}${path}`, { method: 'PUT', body: JSON.stringify(content) });
  await put('/peers/self', { Url: inbox.url });
  await put('/modalities/self', [inbox.aet, '127.0.0.1', inbox.dicomPort]);
  await put('/dicom-web/servers/self', { Url: `${inbox.url}/dicom-web/` });
}

describe('a destination that is the inbox itself', () => {
  const ways: readonly (readonly [string, (inbox: RunningOrthanc) => readonly string[]])[] = [
    ['its address', ({ url }) => ['--mode=orthanc', `--dest-url=${url}`]],
    [
      'its address by another name',
      ({ url }) => ['--mode=orthanc', `--dest-url=${url.replace('127.0.0.1', 'localhost')}`],
    ],
    [
      'itself as peer, asked at its address',
      ({ url }) => ['--mode=peering', '--destination=self', `--dest-url=${url}`],
    ],
    ['itself as peer, unasked', () => ['--mode=peering', '--destination=self', '--verify=none']],
    ['itself as modality', () => ['--mode=dicom', '--destination=self']],
    ['itself as modality, unasked', () => ['--mode=dicom', '--destination=self', '--verify=none']],
    ['itself as DICOMweb server, unasked', () => ['--mode=dicom-web', '--destination=self', '--verify=none']],
  ];
  it.each(ways)('is refused by %s, and nothing is deleted', async (_, argumentsFor) => {
    await using scene = await openScene({ seed: 391, studies: 1, destinations: {} });
    await knowsItself(scene.inbox);
    const more = [...argumentsFor(scene.inbox), '--trigger=StableStudy'];
    const run = await scene.run({ more });
    expect(run).toMatchObject({ exitCode: 2 });
    expect(run.stderr).toContain('is the inbox itself');
    expect(run.stderr).toMatch(/--dest(ination|-url) \(DEST(INATION|_URL)\)/);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  // The identifier is made of the network interfaces of its machine: a container that starts there makes it another one.
  it('is refused although it has become another one to itself meanwhile', async () => {
    await using scene = await openScene({ seed: 393, studies: 1, destinations: {} });
    await knowsItself(scene.inbox);
    const told = (await (await fetch(`${scene.inbox.url}/system`)).json()) as object;
    scene.proxy.addFault({
      effect: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...told, DatabaseServerIdentifier: 'as it was before' }),
      matching: ({ path }) => path === '/system',
      // At the start, and when it is compared for the first time.
      times: 2,
    });
    const more = ['--mode=peering', '--destination=self', '--verify=none', '--trigger=StableStudy'];
    const run = await scene.run({ more });
    expect(run).toMatchObject({ exitCode: 2 });
    expect(run.stderr).toContain('is the inbox itself');
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('is refused beside others, too', async () => {
    await using scene = await openScene({ seed: 392, studies: 1, destinations: { pacs: {} } });
    await knowsItself(scene.inbox);
    const file = await scene.destinationsFile({
      destinations: [
        { name: 'pacs', target: 'pacs' },
        { name: 'back', target: 'self', mode: 'peering', verify: 'none' },
      ],
    });
    const run = await scene.run({
      more: [file, '--trigger=StableStudy', '--max-retries=0'],
    });
    expect(run).toMatchObject({ exitCode: 2 });
    expect(run.stderr).toContain('self (peering) is the inbox itself');
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });
});

/** The same Orthanc under another name, and all else as it is: what two of them on one database would tell. */
async function secondOf({ url }: RunningOrthanc) {
  const second = await startFaultProxy(url, { seed: 1 });
  const told = (await (await fetch(`${url}/system`)).json()) as object;
  const body = JSON.stringify({ ...told, Name: 'second', DicomAet: 'SECOND' });
  second.addFault({ effect: 'answer', status: 200, body, matching: ({ path }) => path === '/system' });
  return second;
}

const knowPeer = ({ url }: RunningOrthanc, alias: string, at: string) =>
  fetch(`${url}/peers/${alias}`, { method: 'PUT', body: JSON.stringify({ Url: at }) });

describe('a destination that would vouch for what is deleted', () => {
  it.each(['peering', 'orthanc'])(
    'is refused where it is a second Orthanc on the storage of the inbox (%s)',
    async (mode) => {
      await using scene = await openScene({ seed: 394, studies: 1, destinations: {} });
      await using second = await secondOf(scene.inbox);
      await knowPeer(scene.inbox, 'second', second.url);
      const more = [`--mode=${mode}`, '--destination=second', `--dest-url=${second.url}`];
      const run = await scene.run({ more: [...more, '--trigger=StableStudy'] });
      expect(await scene.held(scene.inbox)).toEqual(scene.sent);
      expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('one storage')]);
    },
  );

  it('is found to be on the storage of the inbox with the first image that comes', async () => {
    await using scene = await openScene({ seed: 395, studies: 1, destinations: {} });
    for (const id of scene.sent) await fetch(`${scene.inbox.url}/instances/${id}`, { method: 'DELETE' });
    await using second = await secondOf(scene.inbox);
    const more = ['--mode=orthanc', `--dest-url=${second.url}`, '--trigger=StableStudy'];
    expect(await scene.run({ more })).toMatchObject({ exitCode: 0 });
    await seedOrthanc(scene.inbox, scene.files);
    const run = await scene.run({ more });
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('one storage')]);
  });

  it('is refused where its address leads to another than the peer', async () => {
    await using scene = await openScene({ seed: 396, studies: 1, destinations: { sent: {}, asked: {} } });
    const { sent, asked } = scene.destinations;
    await seedOrthanc(asked, scene.files);
    const more = ['--mode=peering', '--destination=sent', `--dest-url=${asked.url}`, '--trigger=StableStudy'];
    const run = await scene.run({ more });
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect(await scene.held(sent)).toEqual([]);
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('another than the peer')]);
  });

  it('is asked for one file of one image in a run', async () => {
    await using scene = await openScene({ seed: 397, studies: 2, destinations: { archive: {} } });
    const more = ['--mode=peering', '--destination=archive', `--dest-url=${scene.destinations.archive.url}`];
    expect(await scene.run({ more: [...more, '--trigger=NewInstance'] })).toMatchObject({ exitCode: 0 });
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(scene.proxy.requests.filter(({ path }) => path.endsWith('/attachments/dicom/info'))).toHaveLength(
      1,
    );
  });
});
