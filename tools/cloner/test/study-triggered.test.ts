import { describe, expect, it } from '@jest/globals';
import { openScene } from './clone-scene.ts';
import { changeOneInstance } from './change-one-instance.ts';

const labelled = async (url: string, label: string): Promise<string[]> => {
  const content = { Level: 'Study', Query: {}, Labels: [label] };
  const answer = await fetch(`${url}/tools/find`, { method: 'POST', body: JSON.stringify(content) });
  return (await answer.json()) as string[];
};

async function areAllStable(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/studies?expand`);
  return ((await answer.json()) as { IsStable: boolean }[]).every(({ IsStable }) => IsStable);
}

describe('triggered by stable studies', () => {
  it('a study is copied once it is stable, and labelled by what became of it', async () => {
    await using scene = await openScene({
      seed: 740,
      studies: 3,
      source: { configuration: { StableAge: 3 } },
    });
    const conflict = await changeOneInstance(scene.source, scene.destination);
    const labels = ['--success-label=cloned', '--failure-label=not-cloned'];
    const argv = [...scene.usualArguments, '--trigs-on-stable-study', ...labels, '--log-level=debug'];
    const stable: Promise<boolean>[] = [];
    const onOutput = (stdout: string) => {
      if (stable.length === 0 && stdout.includes('"study.verified"'))
        stable.push(areAllStable(scene.source.url));
    };
    const first = await scene.run({ argv, onOutput });
    expect(await Promise.all(stable)).toEqual([true]);
    expect(first.exitCode).toBe(3);
    expect(await labelled(scene.source.url, 'cloned')).toHaveLength(2);
    expect(await labelled(scene.source.url, 'not-cloned')).toEqual([first.report.setAside[0]?.key]);
    await fetch(`${scene.destination.url}/instances/${conflict}`, { method: 'DELETE' });
    const second = await scene.run({ argv: [...argv, '--prove-again'] });
    expect(second.exitCode).toBe(0);
    expect(await labelled(scene.source.url, 'cloned')).toHaveLength(3);
    expect(await labelled(scene.source.url, 'not-cloned')).toEqual([]);
  });
});
