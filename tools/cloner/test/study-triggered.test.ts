import { describe, expect, it } from '@jest/globals';
import { openScene } from './clone-scene.ts';
import { changeOneInstance } from './change-one-instance.ts';

const labelled = async (url: string, label: string): Promise<string[]> => {
  const content = { Level: 'Study', Query: {}, Labels: [label] };
  const answer = await fetch(`${url}/tools/find`, { method: 'POST', body: JSON.stringify(content) });
  return (await answer.json()) as string[];
};

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
    const first = await scene.run({ argv });
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
