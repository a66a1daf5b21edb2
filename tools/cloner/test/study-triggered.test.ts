import { describe, expect, it } from '@jest/globals';
import { changeOneInstance } from './change-one-instance.ts';
import { argumentsFor, modes, openModeScene } from './mode-scene.ts';

const labelled = async (url: string, label: string): Promise<string[]> => {
  const content = { Level: 'Study', Query: {}, Labels: [label] };
  const answer = await fetch(`${url}/tools/find`, { method: 'POST', body: JSON.stringify(content) });
  return (await answer.json()) as string[];
};

async function isStable(url: string, study: string): Promise<boolean> {
  const answer = await fetch(`${url}/studies/${study}`);
  return ((await answer.json()) as { IsStable: boolean }).IsStable;
}

/** The first of which the log says that it was copied. */
const firstVerified = (printed: string): string | undefined =>
  /"event":"study.verified","study":"([-0-9a-f]+)"/u.exec(printed)?.[1];

describe.each(modes)('triggered by stable studies, by the mode %s', (mode) => {
  it('a study is copied once it is stable, and labelled by what became of it', async () => {
    await using scene = await openModeScene({
      seed: 740,
      studies: 3,
      source: { configuration: { StableAge: 3 } },
    });
    const conflict = await changeOneInstance(scene.source, scene.destination);
    const labels = ['--success-label=cloned', '--failure-label=not-cloned'];
    const how = ['--trigs-on-stable-study', ...argumentsFor[mode], ...labels, '--log-level=debug'];
    const argv = [...scene.usualArguments, ...how];
    const stable: Promise<boolean>[] = [];
    const onOutput = (stdout: string) => {
      const study = firstVerified(stdout);
      if (stable.length === 0 && study !== undefined) stable.push(isStable(scene.source.url, study));
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
