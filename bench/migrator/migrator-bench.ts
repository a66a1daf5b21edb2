import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type LinkedOrthancs, seedOrthanc, startLinked } from '@orthanc-tools/orthanc-testbed';
import { type BenchRequest, benchTool } from '../measure/bench-tool.ts';
import { commandOf } from '../measure/build-tool.ts';
import { runChild } from '../measure/run-child.ts';
import { type Measured, measured } from '../measure/measured.ts';
import { median } from '../measure/median.ts';
import { type Verdict, atMost, printVerdicts } from '../measure/verdict.ts';

const usage = `Measures how the migrator finds 500 studies of 25 years at a real Orthanc, in one run, against
  day by day   one C-FIND for each day, as the Python tool asks; without anything else that it does
  the search   orthanc-migrator plan, as a user runs it: its start and its report included

  npm run bench -- migrator [--rounds N] [--provider NAME] [--scale X]

  --rounds N   medians of N rounds of the search; the days are asked for once
  --scale X    so many times the days, to try the bench itself: --scale 0.05

Ends with 0 when the limit is kept, 1 otherwise.`;

const studies = 500;
const years = { from: '20000101', to: '20241231' };
const mostShare = 0.03;

export const benchMigrator = benchTool({
  tool: 'migrator',
  usage,
  beforehand: benchSearch,
  benchDataSet: () => Promise.resolve([]),
});

async function benchSearch(request: BenchRequest): Promise<Verdict[]> {
  await using linked = await startLinked(request.testbed, { destinations: { pacs: {} } });
  await seedOrthanc(linked.destinations.pacs, filesOf());
  const days = daysOf(years).slice(0, Math.ceil(daysOf(years).length * request.scale));
  console.log(
    `\n${String(studies)} studies of 25 years, asked for ${String(days.length)} days; Orthanc ${linked.source.version}`,
  );
  const range = { from: days[0] ?? '', to: days.at(-1) ?? '' };
  const daily = await askDaily(linked, days, request.signal);
  print('day by day', daily);
  const rounds: Search[] = [];
  for (let round = 1; round <= request.rounds; round += 1) {
    const search = await runPlan(linked, range, request.signal);
    if (search.found !== daily.found)
      throw new Error(`The search found ${String(search.found)} studies, and not ${String(daily.found)}.`);
    print(`round ${String(round)}: the search`, search);
    rounds.push(search);
  }
  const share = (part: keyof Measured) => median(rounds.map((search) => search[part])) / daily[part];
  const shares = { measured: share('seconds'), byCpu: share('cpuSeconds') };
  const verdicts = [atMost(mostShare, { promise: 'the search ÷ day by day', ...shares })];
  printVerdicts(verdicts);
  return verdicts;
}

/** A search for the studies of a range, whoever makes it. */
interface Search extends Measured {
  readonly found: number;
  readonly questions: number;
}

const print = (what: string, { seconds, cpuSeconds, found, questions }: Search): void =>
  console.log(
    `  ${what}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU, ${String(questions)} questions, ${String(found)} studies`,
  );

function* filesOf(): Generator<Uint8Array> {
  const shape = { studies, seriesPerStudy: 1, instancesPerSeries: 1, imageSize: 8, studyDates: years };
  for (const study of synthesizeArchive({ seed: 'bench', ...shape }))
    for (const { bytes } of study.instances()) yield bytes;
}

const msPerDay = 86_400_000;

function daysOf({ from, to }: typeof years): string[] {
  const epoch = (date: string) =>
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)));
  return Array.from({ length: (epoch(to) - epoch(from)) / msPerDay + 1 }, (_, at) =>
    new Date(epoch(from) + at * msPerDay).toISOString().slice(0, 10).replaceAll('-', ''),
  );
}

const serversOf = ({ source, destinations }: LinkedOrthancs<'pacs'>) => [source, destinations.pacs];

async function askDaily(
  linked: LinkedOrthancs<'pacs'>,
  days: readonly string[],
  signal: AbortSignal,
): Promise<Search> {
  await using orthanc = connectOrthanc({ url: linked.source.url });
  let found = 0;
  const spent = await measured(serversOf(linked), async () => {
    for (const day of days) {
      const keys = { StudyDate: day, StudyInstanceUID: '', NumberOfStudyRelatedInstances: '' };
      found += (await orthanc.modalities.find('pacs', { level: 'Study', keys }, signal)).length;
    }
  });
  return { ...spent, found, questions: days.length };
}

/** By the command, with its start and its own CPU. */
async function runPlan(
  linked: LinkedOrthancs<'pacs'>,
  { from, to }: typeof years,
  signal: AbortSignal,
): Promise<Search> {
  const work = await mkdtemp(join(tmpdir(), 'bench-migrator-'));
  try {
    const report = join(work, 'plan.json');
    const argv = ['--url', linked.source.url, '--source-modality', 'pacs', '--skip-undated'];
    const dates = ['--from-study-date', from, '--to-study-date', to];
    let own = 0;
    const spent = await measured(serversOf(linked), async () => {
      const { exitCode, output, cpuSeconds } = await runChild({
        command: [process.execPath, commandOf('migrator'), 'plan', ...argv, ...dates, '--report', report],
        cwd: work,
        env: { PATH: process.env['PATH'] ?? '', HOME: work },
        signal,
      });
      if (exitCode !== 0) throw new Error(`The migrator ended with ${String(exitCode)}:\n${output}`);
      own = cpuSeconds;
    });
    const { summary } = JSON.parse(await readFile(report, 'utf8')) as {
      summary: { studies: number; questions: number };
    };
    const { studies: found, questions } = summary;
    return { seconds: spent.seconds, cpuSeconds: spent.cpuSeconds + own, found, questions };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
