import { describe, expect, it } from '@jest/globals';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
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
