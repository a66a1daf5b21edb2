import { describe, expect, it } from '@jest/globals';
import { openTestbed } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './clone-scene.ts';
import { type ModeScene, openModeScene } from './mode-scene.ts';

const chosen = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line.includes('"mode.chosen"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const jobsAt = async ({ url }: { readonly url: string }): Promise<string[]> =>
  (await (await fetch(`${url}/jobs`)).json()) as string[];

describe('the mode that nobody has ordered', () => {
  it.each([
    ['peering where the cloner is far from the source', 'Peering', 50],
    ['Default where it is near, as that is faster', 'Default', 0],
  ])('is, with a peer of the very address of the destination, %s', async (_, mode, roundTripMs) => {
    const { hostAddress } = await openTestbed();
    // One that leads there from this process and from a source in a container alike.
    const addressOf = ({ url }: { readonly url: string }) => `http://${hostAddress}:${new URL(url).port}`;
    await using scene = await openScene({
      seed: 730,
      link: { reach: (destination) => ({ peerUrl: addressOf(destination) }) },
    });
    if (roundTripMs > 0) await scene.toSource.disturb({ roundTripMs });
    const argv = [...scene.usualArguments, `--dest-url=${addressOf(scene.destination)}`];
    const direct = argv.filter((argument) => argument !== `--dest-url=${scene.toDestination.url}`);
    const run = await scene.run({ argv: direct });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(chosen(run.stdout)).toMatchObject([{ mode }]);
    expect(run.report.ledger.byProof).toEqual({ 'id+md5': { items: 6, parts: 60 } });
    expect((await jobsAt(scene.source)).length > 0).toBe(mode === 'Peering');
    expect(await scene.differences()).toEqual([]);
  });

  it('is Default where the peer has another address, which nobody has named', async () => {
    await using scene = await openModeScene({ seed: 731, studies: 2 });
    const run = await scene.run();
    expect(run.exitCode).toBe(0);
    expect(chosen(run.stdout)).toMatchObject([{ mode: 'Default' }]);
    expect(await jobsAt(scene.source)).toEqual([]);
  });

  it('is Default where nobody may ask for the peers', async () => {
    await using scene = await openModeScene({ seed: 733, studies: 1 });
    scene.toSource.addFault({
      effect: 'answer',
      status: 403,
      matching: ({ path }) => path.startsWith('/peers'),
    });
    const run = await scene.run();
    expect(run.exitCode).toBe(0);
    expect(chosen(run.stdout)).toMatchObject([
      { mode: 'Default', because: expect.stringContaining('ORTHANC_UNAUTHORIZED') as unknown },
    ]);
  });

  it('is left for Default when the source no longer reaches the peer, and nothing is lost', async () => {
    await using scene: ModeScene = await openModeScene({ seed: 732, studies: 4 });
    let isCut = false;
    const run = await scene.run({
      argv: [...scene.usualArguments, '--dest-peer=destination'],
      onOutput: (stdout) => {
        if (isCut || !stdout.includes('"mode.chosen"')) return;
        isCut = true;
        void scene.toPeer.disturb({ refuse: true });
      },
    });
    expect(chosen(run.stdout)).toMatchObject([{ mode: 'Peering' }]);
    expect(run.stdout).toContain('"mode.left"');
    expect(run.exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });
});
