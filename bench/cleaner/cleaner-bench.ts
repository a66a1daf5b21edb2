import { setTimeout as delay } from 'node:timers/promises';
import { type BenchRequest, benchTool } from '../measure/bench-tool.ts';
import { median } from '../measure/median.ts';
import { type Verdict, atLeast, atMost, printVerdicts } from '../measure/verdict.ts';
import { type CleanGround, type CleanGrounds, openCleanGrounds } from './clean-ground.ts';
import { type Cleaned, clean, cleanOpenly, deletePlainly } from './clean-ways.ts';
import { answersWhile } from './watch-answers.ts';

const leastShare = 0.9;
const mostTimesIdle = 3;
const mostMegabytes = 250;
const idleMs = 10_000;

const usage = `Measures the cleaner on a real Orthanc of 20,000 studies, of which 5,000 with 100,000 images are due, against
  plain     /tools/bulk-delete of the same images, back to back, in the same run
and how long Orthanc's answers to others take meanwhile, with its defaults, against an idle Orthanc.

  npm run bench -- cleaner [--rounds N] [--provider NAME] [--scale X]

  --rounds N   medians of N rounds; 1 if missing
  --provider   native, if missing; or containers
  --scale X    so many times the studies, to try the bench itself: --scale 0.1

Ends with 0 when every limit is kept, 1 otherwise.`;

export const benchCleaner = benchTool({
  tool: 'cleaner',
  usage,
  beforehand: async (request) => {
    const verdicts = await benchArchive(request);
    printVerdicts(verdicts);
    return verdicts;
  },
  // One archive serves for all.
  benchDataSet: () => Promise.resolve([]),
});

async function benchArchive(request: BenchRequest): Promise<Verdict[]> {
  const { signal, rounds: count } = request;
  const rounds = { plain: [] as Cleaned[], cleaner: [] as Cleaned[] };
  let instances = 0;
  await using grounds = await openCleanGrounds(request);
  const onFresh = async (work: (ground: CleanGround) => Promise<Cleaned>): Promise<Cleaned> => {
    await using ground = await grounds.prepare();
    instances = ground.due.flat().length;
    const cleaned = await work(ground);
    await expectLeft(ground);
    return cleaned;
  };
  for (let round = 1; round <= count; round += 1) {
    for (const name of round % 2 === 1 ? (['plain', 'cleaner'] as const) : (['cleaner', 'plain'] as const)) {
      const cleaned = await onFresh((ground) =>
        name === 'plain'
          ? deletePlainly(ground, signal)
          : clean(ground, signal, ['--pace=100', '--portion=1000']),
      );
      rounds[name].push(cleaned);
      const each = `${((1000 * cleaned.cpuSeconds) / instances).toFixed(3)} ms of Orthanc's CPU each`;
      const what = `  round ${String(round)}: ${name}: ${String(instances)} images`;
      console.log(`${what} in ${cleaned.seconds.toFixed(1)} s, ${each}`);
    }
  }
  const paced = await answersUnderWay(grounds, signal);
  const middleOf = (name: keyof typeof rounds, part: 'seconds' | 'cpuSeconds') =>
    median(rounds[name].map((round) => round[part]));
  const share = (part: 'seconds' | 'cpuSeconds') => middleOf('plain', part) / middleOf('cleaner', part);
  const peak = Math.max(...rounds.cleaner.map(({ peakBytes }) => peakBytes ?? 0));
  return [
    atLeast(leastShare, {
      promise: 'rate of the cleaner, share of plain bulk deletion',
      measured: share('seconds'),
      byCpu: share('cpuSeconds'),
    }),
    atMost(mostTimesIdle, {
      promise: 'answers to others while it deletes by its defaults, times their idle p95',
      measured: paced.busyMs / paced.idleMs,
    }),
    atMost(mostMegabytes, { promise: 'peak memory of the cleaner, MB', measured: peak / 1e6 }),
  ];
}

/** With its defaults, as an archive is cleaned in which somebody works. */
async function answersUnderWay(
  grounds: CleanGrounds,
  signal: AbortSignal,
): Promise<{ idleMs: number; busyMs: number }> {
  await using ground = await grounds.prepare();
  const idle = await answersWhile(ground.orthanc, () => delay(idleMs));
  // From the first deletion on: what is asked during the plan would make the answers look faster.
  const { isDeleting, ended } = cleanOpenly(ground, signal);
  await isDeleting;
  const busy = await answersWhile(ground.orthanc, () => ended);
  await expectLeft(ground);
  console.log(`  p95 of answers: ${idle.toFixed(1)} ms idle, ${busy.toFixed(1)} ms while it deletes`);
  return { idleMs: idle, busyMs: busy };
}

/** A deletion that has left something, or took too much, is no measurement. */
async function expectLeft({ orthanc, due, studies }: CleanGround): Promise<void> {
  const answer = await fetch(`${orthanc.url}/statistics`);
  const { CountStudies: left } = (await answer.json()) as { CountStudies: number };
  if (left !== studies - due.length)
    throw new Error(`${String(left)} studies are left, not ${String(studies - due.length)}`);
}
