import type { ReportSection } from '@orthanc-tools/html-report';
import type { PastRun } from './history.ts';
import { stateWords } from './item-lines.ts';
import { tones } from './state-tones.ts';
import { dayStates } from './tally.ts';
import { writtenDays, writtenTime } from './written-dates.ts';

const shownRuns = 30;
const states = dayStates.filter((state) => state !== 'equal');

/** How the differences have come and gone, run by run; the last of the runs is this one. */
export function trendOf(all: readonly PastRun[]): ReportSection[] {
  const runs = all.slice(-shownRuns);
  return [differenceChart(runs), runTable(runs)];
}

const differenceChart = (runs: readonly PastRun[]): ReportSection => ({
  is: 'chart',
  heading: 'Differences, run by run',
  parts: states.map((state) => ({ title: stateWords[state], tone: tones[state] })),
  bars: runs.map((run) => ({
    label: run.startedAt.slice(0, 10),
    values: states.map((state) => run.items[state]),
  })),
});

const runTable = (runs: readonly PastRun[]): ReportSection => ({
  is: 'table',
  heading: 'Earlier runs',
  columns: ['Run', 'Study dates', 'Studies', '+', '-', '*', '!', 'Repaired'].map((title, at) => ({
    title,
    isNumber: at > 1,
  })),
  rows: runs
    .toReversed()
    .map(({ items, ...run }) => [
      writtenTime(run.startedAt),
      writtenDays(run),
      run.studies,
      items.onlyInOrthanc,
      items.onlyThere,
      items.differs,
      items.unknown,
      run.repaired,
    ]),
  whenEmpty: 'None.',
});
