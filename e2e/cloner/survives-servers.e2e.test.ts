import { describe, expect, it } from '@jest/globals';
import { isUpload, openCloneScene, uploadsBegun } from './clone-scene.ts';

describe('the clone command between servers that change and go away', () => {
  it('brings over by requeue what was set aside, once the fault is gone', async () => {
    await using scene = await openCloneScene({ seed: 321, studies: 6 });
    const end = scene.toDestination.addFault({ effect: 'answer', status: 400, matching: isUpload });
    expect((await scene.run()).exitCode).toBe(3);
    const { setAside } = await scene.report();
    expect(setAside).toHaveLength(6);
    const [{ code = '' } = {}] = setAside;
    expect((await scene.status()).tally.byCode).toEqual({ [code]: 6 });

    end();
    expect((await scene.run()).exitCode).toBe(3);
    expect(await scene.differences()).toHaveLength(scene.instances);

    expect(await scene.requeue(['--code', code])).toEqual({ tool: 'cloner', requeued: 6 });
    expect((await scene.run()).exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
    expect((await scene.status()).tally).toMatchObject({ done: 6, setAside: 0, parts: scene.instances });
  });

  it('goes on without an instance, a series and a study that are deleted at the source meanwhile', async () => {
    await using scene = await openCloneScene({ seed: 322, studies: 90 });
    await scene.toDestination.disturb({ roundTripMs: 100 });
    await using run = scene.start(['--worker-threads-count=2', `--ledger-path=${scene.ledgerPath}`]);
    await uploadsBegun(scene.toDestination, 3);
    const deleted = await deleteSome(scene.source.url, scene.destination.url);
    const { exitCode, stderr } = await run.ended;
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(await scene.differences()).toEqual([]);
    const { tally } = await scene.status();
    expect(tally).toMatchObject({ done: 90, setAside: 0, parts: scene.instances - deleted });
    expect(tally.byOutcome).toEqual({ copied: 89, vanished: 1 });
  });

  it('waits for a source that restarts in the middle', async () => {
    await using scene = await openCloneScene({ seed: 323, studies: 30 });
    await scene.toDestination.disturb({ roundTripMs: 50 });
    await using run = scene.start(['--max-retries=0', `--ledger-path=${scene.ledgerPath}`]);
    await uploadsBegun(scene.toDestination, 5);
    await scene.source.stop();
    await run.printed('tool.paused');
    await scene.source.start();
    const { exitCode, stderr } = await run.ended;
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(await scene.differences()).toEqual([]);
    expect((await scene.status()).tally).toMatchObject({ done: 30, setAside: 0 });
  });

  it('waits for a destination that refuses for a while, and no study loses an attempt', async () => {
    await using scene = await openCloneScene({ seed: 324, studies: 30 });
    await scene.toDestination.disturb({ roundTripMs: 50 });
    const more = ['--max-retries=0', '--log-level=debug', `--ledger-path=${scene.ledgerPath}`];
    await using run = scene.start(more);
    await uploadsBegun(scene.toDestination, 5);
    await scene.toDestination.disturb({ refuse: true });
    // Refused again after the first pause, which is told in detail only.
    await run.printed('tool.paused', 3);
    await scene.toDestination.clear();
    const { exitCode, stdout } = await run.ended;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('tool.resumed');
    expect(await scene.differences()).toEqual([]);
    expect((await scene.status()).tally).toMatchObject({ done: 30, setAside: 0, parts: scene.instances });
  });
});

/** Deletes a study, a series and an instance of three studies that have not arrived. @returns the number of instances */
async function deleteSome(sourceUrl: string, destinationUrl: string): Promise<number> {
  const ids = async (url: string) => (await (await fetch(url)).json()) as string[];
  const arrived = new Set(await ids(`${destinationUrl}/studies`));
  const [whole, some, one] = (await ids(`${sourceUrl}/studies`)).filter((id) => !arrived.has(id)).slice(-3);
  if (whole === undefined || some === undefined || one === undefined) throw new Error('all has arrived');
  const list = async (path: string) =>
    (await (await fetch(`${sourceUrl}${path}`)).json()) as { ID: string }[];
  const [series] = await list(`/studies/${some}/series`);
  const [instance] = await list(`/studies/${one}/instances`);
  const counts = [
    (await list(`/studies/${whole}/instances`)).length,
    (await list(`/series/${String(series?.ID)}/instances`)).length,
    1,
  ];
  for (const path of [
    `studies/${whole}`,
    `series/${String(series?.ID)}`,
    `instances/${String(instance?.ID)}`,
  ]) {
    const { status } = await fetch(`${sourceUrl}/${path}`, { method: 'DELETE' });
    if (status !== 200) throw new Error(`deleting ${path} was answered with ${String(status)}`);
  }
  return counts.reduce((sum, count) => sum + count, 0);
}
