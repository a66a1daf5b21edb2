import { describe, expect, it } from '@jest/globals';
import { type FinishedRun, openScene } from './forward-scene.ts';

const sent = ({ transfers }: FinishedRun) =>
  transfers
    .filter(({ event }) => event === 'unit.forwarded')
    .map(({ unit, destination }) => ({ unit, destination }));

describe('what is more pressing', () => {
  it('goes to its destination before the others do to theirs', async () => {
    await using scene = await openScene({
      seed: 351,
      studies: 5,
      destinations: { archive: {}, pacs: {} },
    });
    const { archive, pacs } = scene.destinations;
    await Promise.all([archive.stop(), pacs.stop()]);
    const file = await scene.destinationsFile({
      destinations: [
        { name: 'archive', target: 'archive', priority: 'low' },
        { name: 'pacs', target: 'pacs', priority: 'high' },
      ],
    });
    const more = [file, '--trigger=StableStudy', '--worker-threads-count=1'];
    // Until all five wait for both.
    for (let waiting = 0; waiting < 10;) {
      const ending = new AbortController();
      const { summary } = await scene.run({
        more,
        signal: ending.signal,
        onOutput: (stdout) => {
          if (stdout.split('"destination.down"').length > 2) ending.abort();
        },
      });
      waiting = summary['waitingUnits'] ?? 0;
    }
    await Promise.all([archive.start(), pacs.start()]);
    const run = await scene.run({ more });
    expect(run.exitCode).toBe(0);
    expect(sent(run).map(({ destination }) => destination)).toEqual([
      ...Array.from({ length: 5 }, () => 'pacs'),
      ...Array.from({ length: 5 }, () => 'archive'),
    ]);
  });

  it('goes first when it is urgent, whenever it came', async () => {
    await using scene = await openScene({ seed: 352, studies: 5, destinations: { pacs: {} } });
    const { inbox, destinations } = scene;
    const studies = (await (await fetch(`${inbox.url}/studies`)).json()) as string[];
    const urgent = studies.at(-1) ?? '';
    await fetch(`${inbox.url}/studies/${urgent}/labels/STAT`, { method: 'PUT', body: '' });
    await destinations.pacs.stop();
    const file = await scene.destinationsFile({
      destinations: [{ name: 'pacs', target: 'pacs' }],
      urgent: { labels: ['STAT'] },
    });
    const starting: Promise<unknown>[] = [];
    const run = await scene.run({
      more: [file, '--trigger=StableStudy', '--worker-threads-count=1'],
      onOutput: (stdout) => {
        if (starting.length === 0 && stdout.includes('"destination.down"'))
          starting.push(destinations.pacs.start());
      },
    });
    await Promise.all(starting);
    expect(run.exitCode).toBe(0);
    expect(sent(run)[0]).toEqual({ unit: urgent, destination: 'pacs' });
  });
});
