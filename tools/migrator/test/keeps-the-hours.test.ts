import { describe, expect, it } from '@jest/globals';
import { hurriedClock } from './hurried-clock.ts';
import { imagesOf, openScene } from './migration-scene.ts';

const berlin = '--timezone=Europe/Berlin';
const schedule = (hours: Readonly<Record<string, readonly string[]>>) =>
  `--run-schedule=${JSON.stringify(hours)}`;

/** Log lines of an event, as JSON. */
const told = (stdout: string, event: string): Readonly<Record<string, unknown>>[] =>
  stdout
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** How fast time goes while there is work, and while there is none. */
const [work, rest] = [30, 5000];

/** Leaps over the time in which nothing may be done. */
function leaping(clock: ReturnType<typeof hurriedClock>) {
  return (stdout: string) => {
    const isPaused = told(stdout, 'tool.paused').length > told(stdout, 'tool.resumed').length;
    clock.go(isPaused ? rest : work);
  };
}

describe('the running hours', () => {
  it.each([
    [
      'from Friday evening on, as Friday is a day of Monday-Friday',
      '2024-03-01T16:30:00Z',
      { 'Monday-Friday': ['18-24'] },
      '2024-03-01T17:00:00.000Z',
    ],
    ['across midnight', '2024-03-04T19:00:00Z', { Monday: ['22-6'] }, '2024-03-04T21:00:00.000Z'],
    [
      'on the morning on which summer time begins, an hour earlier by UTC',
      '2024-03-31T00:30:00Z',
      { Sunday: ['4-5'] },
      '2024-03-31T02:00:00.000Z',
    ],
  ])('are waited for: %s', async (_, from, hours, opensAt) => {
    await using scene = await openScene({ seed: `hours ${from}`, shape: { studies: 1 } });
    const clock = hurriedClock(work, new Date(from));
    const run = await scene.run({ more: [schedule(hours), berlin], clock, onOutput: leaping(clock) });
    expect(told(run.stdout, 'tool.paused')[0]).toMatchObject({ reason: 'schedule', opensAt });
    expect(run.exitCode).toBe(0);
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('end: a transfer that is in hand is finished, nothing new is begun before they open again', async () => {
    await using scene = await openScene({ seed: 'closing', shape: { studies: 3 } });
    await scene.pacs.behave({ msPerImage: 100 });
    // Half a minute before six in the morning.
    const clock = hurriedClock(work, new Date('2024-03-05T04:59:30Z'));
    const run = await scene.run({
      more: [schedule({ 'Monday-Sunday': ['22-6'] }), berlin, '--worker-threads-count=1'],
      clock,
      onOutput: leaping(clock),
    });
    expect(run.exitCode).toBe(0);
    const [paused] = told(run.stdout, 'tool.paused');
    expect(paused).toMatchObject({ reason: 'schedule', opensAt: '2024-03-05T21:00:00.000Z' });
    const verified = told(run.stdout, 'study.verified').map(({ time }) => String(time));
    expect(verified.length).toBe(3);
    expect((await scene.pacs.moves()).every(({ level }) => level === 'STUDY')).toBe(true);
  });

  it('end: a transfer that goes on for too long is cancelled, and only what is missing comes later', async () => {
    await using scene = await openScene({ seed: 'draining', shape: { studies: 1, instancesPerSeries: 10 } });
    await scene.pacs.behave({ msPerImage: 200 });
    const clock = hurriedClock(work, new Date('2024-03-05T04:59:30Z'));
    const leap = leaping(clock);
    const run = await scene.run({
      more: [schedule({ 'Monday-Sunday': ['22-6'] }), berlin, '--closing-limit=30s', '--stall-limit=1h'],
      clock,
      onOutput: (stdout) => {
        leap(stdout);
        if (stdout.includes('HOURS_ENDED')) void scene.pacs.behave({});
      },
    });
    expect(run).toMatchObject({ exitCode: 0, summary: { setAsideStudies: 0 } });
    expect(run.stdout).toContain('HOURS_ENDED');
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });
});
