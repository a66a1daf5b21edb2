import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';
import { type Scene, firstOf, openScene } from './comparison-scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({
    seed: 'time',
    shape: { studies: 8, studyDates: { from: '20261120', to: '20261127' } },
  });
}, 300_000);

afterAll(async () => scene[Symbol.asyncDispose]());

/** A clock that begins at a moment, and on which long waits take no time. */
function quickClock(start: string): Clock & { readonly waits: Date[]; leap(ms: number): void } {
  let ahead = Date.parse(start) - Date.now();
  const waits: Date[] = [];
  const now = () => new Date(Date.now() + ahead);
  return {
    now,
    waits,
    leap: (ms) => {
      ahead += ms;
    },
    sleep: async (ms, signal) => {
      if (ms < 10_000) return await systemClock.sleep(ms, signal);
      ahead += ms;
      waits.push(now());
    },
  };
}

describe('running hours', () => {
  it('are kept: on a Friday evening it begins at once, on a Friday noon in the evening', async () => {
    const night = ['--run_only_at_night_and_weekend', '--night_start_hour=19', '--night_end_hour=6'];
    const argv = [...night, '--timezone=Europe/Berlin'];
    const run = (start: string) => {
      const clock = quickClock(start);
      return scene
        .run({ argv, clock, days: ['--from-study-date=20261120', '--to-study-date=20261127'] })
        .then(({ stdout, exitCode }) => ({ stdout, exitCode, waits: clock.waits }));
    };
    const evening = await run('2026-11-27T20:00:00Z');
    expect([evening.exitCode, evening.waits]).toEqual([0, []]);
    const noon = await run('2026-11-27T11:00:00Z');
    expect(noon.exitCode).toBe(0);
    expect(noon.stdout).toContain('"opensAt":"2026-11-27T18:00:00.000Z"');
    expect(noon.waits.map((at) => at.toISOString().slice(0, 16))).toEqual(['2026-11-27T18:00']);
  });
});

const schedule = (hours: Readonly<Record<string, readonly string[]>>) => [
  `--run-schedule=${JSON.stringify(hours)}`,
  '--timezone=Europe/Berlin',
];
const allDays = ['--from-study-date=20261120', '--to-study-date=20261127'];

describe('running hours of a schedule', () => {
  it.each([
    ['across midnight', '2026-11-23T19:00:00Z', { Monday: ['22-6'] }, '2026-11-23T21:00:00.000Z'],
    [
      'on the morning on which summer time begins, an hour earlier by UTC',
      '2026-03-29T00:30:00Z',
      { Sunday: ['4-5'] },
      '2026-03-29T02:00:00.000Z',
    ],
  ])('are waited for: %s', async (_, from, hours, opensAt) => {
    const clock = quickClock(from);
    const { exitCode, stdout } = await scene.run({ argv: schedule(hours), clock, days: allDays });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`"opensAt":"${opensAt}"`);
    expect(clock.waits.map((at) => at.toISOString().slice(0, 16))).toEqual([opensAt.slice(0, 16)]);
  });

  it('end: what is being fetched comes to its end, and nothing more is begun before they begin again', async () => {
    const shape = { studies: 4, studyDates: { from: '20261120', to: '20261127' } };
    await using other = await openScene({ seed: 'closing', shape });
    const missing = other.studies.slice(0, 2);
    for (const study of missing)
      await other.remove(other.orthanc, 'studies', firstOf(study).orthancIds().study);
    await other.pacs.behave({ msPerImage: 100 });
    // A minute before six in the morning; the first C-MOVE is under way when it strikes.
    const clock = quickClock('2026-11-24T04:59:00Z');
    let moves = 0;
    other.proxy.addFault({
      effect: 'hang',
      matching: ({ path }) => {
        if (path === '/modalities/pacs/move' && (moves += 1) === 1) clock.leap(120_000);
        return false;
      },
    });
    const argv = [...schedule({ 'Monday-Sunday': ['22-6'] }), '--retrieve-missing-from-orthanc'];
    const { found, stdout, summary } = await other.run({ argv, clock, days: allDays });
    expect([found, summary['repaired']]).toEqual([[], 2]);
    const [first = -1, second = -1] = Array.from(stdout.matchAll(/"code":"REPAIRED"/g), ({ index }) => index);
    const paused = stdout.indexOf('"opensAt":"2026-11-24T21:00:00.000Z"');
    expect([first, paused, second].toSorted((one, two) => one - two)).toEqual([first, paused, second]);
    expect(first).toBeGreaterThan(0);
  });
});

describe('a periodic comparison', () => {
  it('compares the last days at each time that was named, remembers, and tells the trend', async () => {
    const study = scene.studies[0] as SyntheticStudy;
    const stop = new AbortController();
    const html = scene.path('periodic.html');
    const finished: string[] = [];
    let seen = 0;
    const { stdout, exitCode } = await scene.run({
      days: ['--days-to-compare=30', '--execution-day=saturday,sunday', '--execution-time=2:00'],
      argv: ['--timezone=UTC', '--html-report', html],
      clock: quickClock('2026-11-27T12:00:00Z'),
      signal: stop.signal,
      onOutput: (all) => {
        const ended = all.split('"event":"comparison.finished"').length - 1;
        if (ended <= seen) return;
        seen = ended;
        finished.push(all);
        if (ended === 1) void scene.remove(scene.pacs.orthanc, 'studies', firstOf(study).orthancIds().study);
        if (ended === 3) stop.abort();
      },
    });
    expect(stdout.match(/"event":"comparison\.scheduled","at":"[^"]*"/g)?.slice(0, 3)).toEqual(
      ['2026-11-28T02:00:00.000Z', '2026-11-29T02:00:00.000Z', '2026-12-05T02:00:00.000Z'].map(
        (at) => `"event":"comparison.scheduled","at":"${at}"`,
      ),
    );
    expect(exitCode).toBe(130);
    const page = await readFile(html, 'utf8');
    expect(page).toContain('1 difference was found.');
    expect(page).toContain('Differences, run by run');
    expect(page).toContain('<td>2026-11-28 02:00</td><td>2026-10-29 to 2026-11-28</td>');
  });

  const periodically = (time: string) => [
    '--days-to-compare=30',
    '--execution-day=saturday,sunday',
    `--execution-time=${time}`,
  ];
  const countOf = (text: string, event: string) => text.split(`"event":"${event}"`).length - 1;

  it('finishes first what was interrupted, for the days that it was about', async () => {
    const run = (start: string, endsAfter: string) => {
      const stop = new AbortController();
      return scene.run({
        days: periodically('2:00'),
        argv: ['--timezone=UTC', '--level=Study'],
        clock: quickClock(start),
        signal: stop.signal,
        onOutput: (all) => {
          if (countOf(all, endsAfter) > 0) stop.abort();
        },
      });
    };
    await run('2026-11-28T01:00:00Z', 'comparison.started');
    const { stdout, summary } = await run('2026-11-28T12:00:00Z', 'comparison.finished');
    expect(stdout.indexOf('"from":"20261029","to":"20261128"')).toBeGreaterThan(0);
    expect(stdout).not.toContain('"event":"comparison.scheduled"');
    expect(summary['comparedStudies']).toBeGreaterThan(0);
  });

  it('goes on after one that failed, and leaves a report of each', async () => {
    const stop = new AbortController();
    const reports: string[] = [];
    const { stdout } = await scene.run({
      plainly: ['--url', scene.proxy.url, '--modality=nobody', ...periodically('2:00'), '--timezone=UTC'],
      clock: quickClock('2026-11-27T12:00:00Z'),
      signal: stop.signal,
      onOutput: (all) => {
        if (all.includes('"event":"comparison.failed"') && existsSync(scene.path('report.json')))
          reports.push(readFileSync(scene.path('report.json'), 'utf8'));
        if (countOf(all, 'comparison.failed') === 2) stop.abort();
      },
    });
    expect(countOf(stdout, 'comparison.failed')).toBe(2);
    expect(reports[0]).toContain('DESTINATION_UNKNOWN');
  });
});
