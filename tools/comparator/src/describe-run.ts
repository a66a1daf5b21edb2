import {
  type Bar,
  type Cell,
  type ReportPage,
  type ReportSection,
  type Tone,
  barsByDay,
} from '@orthanc-tools/html-report';
import type { PastRun } from './history.ts';
import { type Item, symbols } from './item.ts';
import { stateWords } from './item-lines.ts';
import { type Tally, dayStates, differencesIn } from './tally.ts';

export interface RunDescription {
  readonly tally: Tally;
  readonly here: string;
  readonly there: string;
  readonly level: string;
  readonly attributes: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Runs before this one, the oldest first. */
  readonly history: readonly PastRun[];
  /** All but what is equal, in the order in which it was found. */
  readonly items: AsyncIterable<Item>;
  /** The same again, for what could not be compared. */
  readonly unknown: AsyncIterable<Item>;
  /** Where Orthanc is reached by whoever reads it, without a slash at the end. */
  readonly links: string;
  readonly allItemsIn: string | undefined;
  readonly madeBy: string;
}

const tones: Readonly<Record<Item['state'], Tone>> = {
  equal: 'good',
  onlyInOrthanc: 'bad',
  onlyThere: 'bad',
  differs: 'bad',
  unknown: 'doubtful',
};

/** What a PACS administrator sends on. Pure, but for the items that it goes through when it is written. */
export function describeRun(run: RunDescription): ReportPage {
  const { tally, here, there, level, attributes, startedAt, endedAt } = run;
  return {
    title: `Comparison of ${here.replace(/\/$/, '')} with ${there.replace(/\/$/, '')}`,
    verdict: verdictOf(tally),
    facts: [
      { label: 'Orthanc', value: { text: here, href: run.links } },
      { label: 'Compared with', value: there },
      { label: 'Study dates', value: writtenDays(run) },
      { label: 'Level', value: level },
      ...(attributes.length > 0 ? [{ label: 'Attributes', value: attributes.join(', ') }] : []),
      { label: 'Compared', value: `${writtenTime(startedAt)} to ${writtenTime(endedAt)} (UTC)` },
    ],
    totals: totalsOf(tally),
    sections: sectionsOf(run),
    madeBy: run.madeBy,
  };
}

function verdictOf(tally: Tally): ReportPage['verdict'] {
  const differences = differencesIn(tally);
  const unknown =
    tally.items.unknown === 0 ? '' : ` ${counted(tally.items.unknown, 'item')} could not be compared.`;
  if (differences > 0)
    return {
      tone: 'bad',
      text: `${counted(differences, 'difference')} ${differences === 1 ? 'was' : 'were'} found.${unknown}`,
    };
  return unknown === ''
    ? { tone: 'good', text: 'Both sides hold the same.' }
    : { tone: 'doubtful', text: `No difference was found, but not everything was seen.${unknown}` };
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;

function totalsOf({ studies, instances, items, repaired, identityConflicts }: Tally): ReportPage['totals'] {
  const bad = (count: number): { readonly tone?: Tone } => (count > 0 ? { tone: 'bad' } : {});
  return [
    { label: 'studies compared', count: studies },
    { label: 'studies equal', count: items.equal },
    ...(instances > 0 ? [{ label: 'instances on both sides', count: instances }] : []),
    { label: '+ only in Orthanc', count: items.onlyInOrthanc, ...bad(items.onlyInOrthanc) },
    { label: '- missing from Orthanc', count: items.onlyThere, ...bad(items.onlyThere) },
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
    {
      is: 'chart',
      heading: 'Studies by study date',
      parts: dayStates.map((state) => ({ title: stateWords[state], tone: tones[state] })),
      bars: barsByDay(Object.entries(run.tally.days).map(([date, values]) => ({ date, values }))),
    },
    {
      is: 'table',
      heading: 'Differences',
      intro:
        '+ only in Orthanc, - missing from Orthanc, * on both sides and different, = was so and is repaired.',
      columns: ['', 'Study date', 'What', 'Where', 'Instances', 'Remarks'].map((title) => ({
        title,
        isNumber: title === 'Instances',
      })),
      rows: rowsOf(run.items, run.links),
      allRowsIn: run.allItemsIn,
      whenEmpty: 'None.',
    },
    {
      is: 'table',
      heading: 'Could not be compared',
      intro: 'Nothing is said to be missing here: the other side could not be asked, or did not tell all.',
      columns: [{ title: 'Study date' }, { title: 'What' }, { title: 'Where' }, { title: 'Why' }],
      rows: unknownRows(run.unknown, run.links),
      allRowsIn: run.allItemsIn,
      whenEmpty: 'None.',
    },
    ...(notes.length === 0
      ? []
      : [
          {
            is: 'table' as const,
            heading: 'Remarks',
            columns: [{ title: 'Times', isNumber: true }, { title: 'What' }],
            rows: notes.map(({ times, message }): Cell[] => [times, message]),
            whenEmpty: 'None.',
          },
        ]),
    ...(run.history.length === 0 ? [] : trendOf(run)),
  ];
}

async function* rowsOf(items: AsyncIterable<Item>, links: string): AsyncGenerator<Cell[]> {
  for await (const item of items) {
    if (item.state === 'unknown') continue;
    const { state, studyDate, level, instances } = item;
    const symbol = { text: symbols[state], tone: tones[state] };
    yield [symbol, writtenDate(studyDate), level, whereOf(item, links), instances ?? '', remarksOf(item)];
  }
}

async function* unknownRows(items: AsyncIterable<Item>, links: string): AsyncGenerator<Cell[]> {
  for await (const item of items)
    if (item.state === 'unknown')
      yield [writtenDate(item.studyDate), item.level, whereOf(item, links), remarksOf(item)];
}

function whereOf(item: Item, links: string): Cell {
  const { level, orthancId, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = item;
  const text = sopInstanceUid ?? seriesInstanceUid ?? studyInstanceUid;
  const href =
    orthancId === undefined
      ? undefined
      : `${links}/app/explorer.html#${level}?uuid=${encodeURIComponent(orthancId)}`;
  return { text, href, isCode: true };
}

function remarksOf({ state, code, message, attributes, was }: Item): string {
  const changed = attributes?.map(
    ({ keyword, here, there }) => `${keyword}: "${here}" in Orthanc, "${there}" on the other side`,
  );
  const told = changed?.join('; ') ?? message ?? '';
  const named = code === undefined || code === 'ATTRIBUTES_DIFFER' ? '' : code;
  const before = was === undefined || state !== 'equal' ? '' : `was ${stateWords[was]}`;
  return [before, named, told].filter((part) => part !== '').join(': ');
}

const shownRuns = 30;

function trendOf({ history, tally, startedAt, endedAt, from, to }: RunDescription): ReportSection[] {
  const now: PastRun = {
    startedAt,
    endedAt,
    from,
    to,
    studies: tally.studies,
    items: tally.items,
    repaired: tally.repaired,
  };
  const runs = [...history, now].slice(-shownRuns);
  const states = dayStates.filter((state) => state !== 'equal');
  const bars: Bar[] = runs.map((run) => ({
    label: run.startedAt.slice(0, 10),
    values: states.map((state) => run.items[state]),
  }));
  return [
    {
      is: 'chart',
      heading: 'Differences, run by run',
      parts: states.map((state) => ({ title: stateWords[state], tone: tones[state] })),
      bars,
    },
    {
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
    },
  ];
}

/** Days and ranges of days alike. */
const writtenDate = (date: string): string =>
  date === ''
    ? 'no date'
    : date.replaceAll(/(\d{4})(\d{2})(\d{2})/g, '$1-$2-$3').replace(/(\d)-(\d{4}-)/, '$1 to $2');

const writtenDays = ({ from, to }: Pick<PastRun, 'from' | 'to'>): string =>
  from === '' ? 'all' : `${writtenDate(from)} to ${writtenDate(to)}`;

const writtenTime = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
