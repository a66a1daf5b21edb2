import {
  type Cell,
  type ReportPage,
  type ReportSection,
  type Tone,
  barsByDay,
} from '@orthanc-tools/html-report';
import { type ListedItems, differenceTable, unknownTable } from './describe-items.ts';
import { trendOf } from './describe-trend.ts';
import type { PastRun } from './history.ts';
import { type IgnoredDirection, writtenIgnored, writtenIgnoredBy } from './ignored-directions.ts';
import type { Item } from './item.ts';
import { stateWords } from './item-lines.ts';
import { tones } from './state-tones.ts';
import { type Tally, dayStates, differencesIn } from './tally.ts';
import { writtenDays, writtenTime } from './written-dates.ts';

export interface RunDescription extends ListedItems {
  readonly tally: Tally;
  readonly here: string;
  readonly there: string;
  readonly level: string;
  readonly attributes: readonly string[];
  /** In which directions was not looked: of these, nothing is claimed. */
  readonly ignored: readonly IgnoredDirection[];
  readonly from: string;
  readonly to: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Runs before this one, the oldest first. */
  readonly history: readonly PastRun[];
  /** The items again, for what could not be compared. */
  readonly unknown: AsyncIterable<Item>;
  readonly madeBy: string;
}

/** What a PACS administrator sends on. Pure, but for the items that it goes through when it is written. */
export function describeRun(run: RunDescription): ReportPage {
  const { tally, here, there, level, attributes, ignored, startedAt, endedAt } = run;
  return {
    title: `Comparison of ${here.replace(/\/$/, '')} with ${there.replace(/\/$/, '')}`,
    verdict: verdictOf(tally, ignored),
    facts: [
      { label: 'Orthanc', value: { text: here, href: run.links } },
      { label: 'Compared with', value: there },
      { label: 'Study dates', value: writtenDays(run) },
      { label: 'Level', value: level },
      ...(attributes.length > 0 ? [{ label: 'Attributes', value: attributes.join(', ') }] : []),
      ...(ignored.length > 0 ? [{ label: 'Not looked for', value: writtenIgnoredBy(ignored) }] : []),
      { label: 'Compared', value: `${writtenTime(startedAt)} to ${writtenTime(endedAt)} (UTC)` },
    ],
    totals: totalsOf(tally, ignored),
    sections: sectionsOf(run),
    madeBy: run.madeBy,
  };
}

function verdictOf(tally: Tally, ignored: RunDescription['ignored']): ReportPage['verdict'] {
  const differences = differencesIn(tally);
  const unknown =
    tally.items.unknown === 0 ? '' : ` ${counted(tally.items.unknown, 'item')} could not be compared.`;
  const unsought = writtenIgnored(ignored);
  const limit =
    unsought === undefined
      ? ''
      : ` ${unsought[0]?.toUpperCase() ?? ''}${unsought.slice(1)} was not looked for.`;
  if (differences > 0)
    return {
      tone: 'bad',
      text: `${counted(differences, 'difference')} ${differences === 1 ? 'was' : 'were'} found.${unknown}${limit}`,
    };
  if (unknown !== '')
    return {
      tone: 'doubtful',
      text: `No difference was found, but not everything was seen.${unknown}${limit}`,
    };
  return unsought === undefined
    ? { tone: 'good', text: 'Both sides hold the same.' }
    : { tone: 'doubtful', text: `No difference was found; ${unsought} was not looked for.` };
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;

function totalsOf(tally: Tally, ignored: RunDescription['ignored']): ReportPage['totals'] {
  const { studies, instances, items, repaired, identityConflicts } = tally;
  const bad = (count: number): { readonly tone?: Tone } => (count > 0 ? { tone: 'bad' } : {});
  const inDirection = (direction: IgnoredDirection) =>
    ignored.includes(direction)
      ? { count: 'not looked for' }
      : { count: items[direction], ...bad(items[direction]) };
  return [
    { label: 'studies compared', count: studies },
    { label: 'studies equal', count: items.equal },
    ...(instances > 0 ? [{ label: 'instances on both sides', count: instances }] : []),
    { label: '+ only in Orthanc', ...inDirection('onlyInOrthanc') },
    { label: '- missing from Orthanc', ...inDirection('onlyThere') },
    { label: '* different', count: items.differs, ...bad(items.differs) },
    ...(identityConflicts > 0
      ? [{ label: 'of these conflicts of identity', count: identityConflicts, tone: 'bad' as const }]
      : []),
    {
      label: '! could not be compared',
      count: items.unknown,
      ...(items.unknown > 0 && { tone: 'doubtful' as const }),
    },
    ...(repaired > 0 ? [{ label: 'repaired', count: repaired, tone: 'good' as const }] : []),
  ];
}

function sectionsOf(run: RunDescription): ReportSection[] {
  const notes = Object.values(run.tally.notes);
  return [
    dayChart(run.tally),
    differenceTable(run),
    unknownTable({ ...run, items: run.unknown }),
    ...(notes.length === 0 ? [] : [remarkTable(notes)]),
    ...(run.history.length === 0 ? [] : trendOf([...run.history, asPastRun(run)])),
  ];
}

const dayChart = ({ days }: Tally): ReportSection => ({
  is: 'chart',
  heading: 'Studies by study date',
  parts: dayStates.map((state) => ({ title: stateWords[state], tone: tones[state] })),
  bars: barsByDay(Object.entries(days).map(([date, values]) => ({ date, values }))),
});

const remarkTable = (notes: readonly Tally['notes'][string][]): ReportSection => ({
  is: 'table',
  heading: 'Remarks',
  columns: [{ title: 'Times', isNumber: true }, { title: 'What' }],
  rows: notes.map(({ times, message }): Cell[] => [times, message]),
  whenEmpty: 'None.',
});

const asPastRun = ({ tally, startedAt, endedAt, from, to }: RunDescription): PastRun => ({
  ...{ startedAt, endedAt, from, to },
  studies: tally.studies,
  items: tally.items,
  repaired: tally.repaired,
});
