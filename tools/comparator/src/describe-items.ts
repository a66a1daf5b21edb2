import type { Cell, ReportSection } from '@orthanc-tools/html-report';
import { type Item, symbols } from './item.ts';
import { stateWords } from './item-lines.ts';
import { tones } from './state-tones.ts';
import { writtenDate } from './written-dates.ts';

/** The items of a run that a report lists. */
export interface ListedItems {
  /** All but what is equal, in the order in which it was found. */
  readonly items: AsyncIterable<Item>;
  /** Where Orthanc is reached by whoever reads it, without a slash at the end. */
  readonly links: string;
  readonly allItemsIn: string | undefined;
}

export const differenceTable = ({ items, links, allItemsIn }: ListedItems): ReportSection => ({
  is: 'table',
  heading: 'Differences',
  intro:
    '+ only in Orthanc, - missing from Orthanc, * on both sides and different, = was so and is repaired.',
  columns: ['', 'Study date', 'What', 'Where', 'Instances', 'Remarks'].map((title) => ({
    title,
    isNumber: title === 'Instances',
  })),
  rows: differenceRows(items, links),
  allRowsIn: allItemsIn,
  whenEmpty: 'None.',
});

export const unknownTable = ({ items, links, allItemsIn }: ListedItems): ReportSection => ({
  is: 'table',
  heading: 'Could not be compared',
  intro: 'Nothing is said to be missing here: the other side could not be asked, or did not tell all.',
  columns: [{ title: 'Study date' }, { title: 'What' }, { title: 'Where' }, { title: 'Why' }],
  rows: unknownRows(items, links),
  allRowsIn: allItemsIn,
  whenEmpty: 'None.',
});

async function* differenceRows(items: AsyncIterable<Item>, links: string): AsyncGenerator<Cell[]> {
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
