import {
  type Cell,
  type DayCount,
  type ReportPage,
  type ReportSection,
  type Tone,
  barsByDay,
} from '@orthanc-tools/html-report';
import { meaningOfProof } from './proof-words.ts';
import { type SignOff, contentConflicts } from './sign-off.ts';
import { plural } from './verdict.ts';

/** Something that was set aside: an image by name, or, without one, the item as a whole. */
export interface OpenPart {
  /** Study, search or path. */
  readonly item: string;
  readonly part: string;
  readonly code: string;
  readonly why: string;
}

/** The same PatientID bears another name or birth date. */
export interface IdentityConflict {
  /** The study, or Orthanc's identifier of the patient. */
  readonly of: string;
  /** "name", "birth date". */
  readonly differ: readonly string[];
}

export interface PageWords {
  /** "Migration", "Clone", "Import". */
  readonly what: string;
  readonly endedAt: Date;
  /** Read anew by each table. */
  readonly open: () => Iterable<OpenPart>;
  readonly identityConflicts: Iterable<IdentityConflict>;
  /** For each study date: how many items are proved, are there unproved, and are not there yet; where the tool knows dates. */
  readonly byDay?: readonly DayCount[];
  /** The file that holds all rows, for whoever misses them. */
  readonly allRowsIn?: string | undefined;
  readonly madeBy: string;
}

const tones: Readonly<Record<SignOff['verdict']['is'], Tone>> = {
  complete: 'good',
  incomplete: 'bad',
  unfinished: 'doubtful',
  doubtful: 'doubtful',
};
const longest = 5000;

/** The same layout for every tool. Pure but for what its rows read. */
export function signOffPage(report: SignOff, words: PageWords): ReportPage {
  const { from, to, verdict } = report;
  const written = `${words.endedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    title: `${words.what} from ${from} to ${to}`,
    verdict: { text: verdict.text, tone: tones[verdict.is] },
    facts: [
      { label: 'From', value: from },
      { label: 'To', value: to },
      ...(report.limitedTo.length > 0 ? [{ label: 'Only', value: report.limitedTo.join(', ') }] : []),
      { label: 'Written', value: written },
    ],
    totals: totalsOf(report),
    sections: [
      proofTable(report),
      ...(words.byDay === undefined ? [] : [dayChart(report, words.byDay)]),
      reasonTable(report),
      openTable(report, words),
      conflictTable(report, words),
      { is: 'form', heading: 'Signed off', fields: ['Name', 'Date', 'Signature'] },
    ],
    madeBy: words.madeBy,
  };
}

function totalsOf({ unit, items, instances, bytes, conflicts }: SignOff): ReportPage['totals'] {
  const units = plural(unit);
  const told = (label: string, count: number, tone: Tone) =>
    ({ label, count, tone: count > 0 ? tone : 'quiet' }) as const;
  return [
    told(`${units} proved`, items.proved, 'good'),
    told('images proved', instances.proved, 'good'),
    { label: 'in all', count: bytes === undefined ? 'size unknown' : inBytes(bytes), tone: 'quiet' },
    told(`${units} set aside`, items.setAside, 'bad'),
    told('images missing by name', instances.missing, 'bad'),
    told(`${units} waiting`, items.waiting, 'doubtful'),
    told(`${units} there before, not compared`, items.existing, 'doubtful'),
    told(`${units} accepted, not proved`, items.accepted, 'doubtful'),
    told(`${units} gone from the source`, items.vanished, 'doubtful'),
    told(`${units} without images`, items.passedOver, 'quiet'),
    told('conflicts of content', conflicts.content, 'bad'),
    told('conflicts of identity', conflicts.identity, 'bad'),
  ];
}

const scales = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

function inBytes(bytes: number): string {
  const power = Math.min(scales.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const scaled = bytes / 1000 ** power;
  return `${scaled.toLocaleString('en', { maximumFractionDigits: scaled < 10 && power > 0 ? 1 : 0 })} ${scales[power] ?? ''}`;
}

const titled = (...titles: readonly string[]) => titles.map((title) => ({ title }));
const counted = (...titles: readonly string[]) => titles.map((title) => ({ title, isNumber: true }));
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const codeCell = (text: string): Cell => ({ text, isCode: true });

const proofTable = ({ unit, proofs, instances }: SignOff): ReportSection => ({
  is: 'table',
  heading: 'How it was proved',
  intro: `The weakest proof that any image of a ${unit} has counts for all of them.`,
  columns: [...titled('Proof', 'What was compared'), ...counted(capital(plural(unit)), 'Images')],
  rows: [
    ...proofs.map(({ proof, items, instances: of }) => [codeCell(proof), meaningOfProof(proof), items, of]),
    ...unnamedProofs(proofs, instances.proved),
  ],
  whenEmpty: 'Nothing was proved.',
});

/** What was set aside without a proof of its own may hold images that are proved. */
function unnamedProofs(proofs: SignOff['proofs'], proved: number): (readonly Cell[])[] {
  const rest = proved - proofs.reduce((sum, { instances }) => sum + instances, 0);
  return rest > 0
    ? [['', 'of what was set aside: these images are there, the others are missing', '', rest]]
    : [];
}

const dayChart = ({ unit }: SignOff, days: readonly DayCount[]): ReportSection => ({
  is: 'chart',
  heading: `${capital(plural(unit))} by study date`,
  parts: [
    { title: 'proved', tone: 'good' },
    { title: 'there, not proved', tone: 'doubtful' },
    { title: 'not there yet', tone: 'bad' },
  ],
  bars: barsByDay(days),
});

const reasonTable = ({ unit, setAside }: SignOff): ReportSection => ({
  is: 'table',
  heading: 'What was set aside, and why',
  intro: 'Given up until somebody acts; a run after "requeue" tries it again.',
  columns: [...titled('Code'), ...counted(capital(plural(unit)), 'Images by name')],
  rows: setAside.map(({ code, items, instances }) => [{ text: code, tone: 'bad' }, items, instances]),
  whenEmpty: 'Nothing.',
});

const openTable = ({ unit }: SignOff, { open, allRowsIn }: PageWords): ReportSection => ({
  is: 'table',
  heading: 'Each by its name',
  columns: titled(capital(unit), 'Image', 'Code', 'Why'),
  rows: openRows(open()),
  longest,
  count: () => countOf(openRows(open())),
  allRowsIn,
  whenEmpty: 'Nothing.',
});

function countOf(rows: Iterable<unknown>): number {
  let count = 0;
  const reading = rows[Symbol.iterator]();
  while (reading.next().done !== true) count += 1;
  return count;
}

function* openRows(open: Iterable<OpenPart>): Generator<readonly Cell[]> {
  for (const { item, part, code, why } of open)
    yield [codeCell(item), codeCell(part), { text: code, tone: 'bad' }, why];
}

const conflictTable = ({ conflicts }: SignOff, words: PageWords): ReportSection => ({
  is: 'table',
  heading: 'Conflicts',
  intro:
    'Content: the destination holds other content under the same identifiers. Identity: the same PatientID bears another name or birth date.',
  columns: titled('Kind', 'Of', 'Image', 'Differs in'),
  rows: conflictRows(words),
  longest,
  count: () => conflicts.identity + countOf(contentRows(words)),
  whenEmpty: 'None.',
});

function* conflictRows(words: PageWords): Generator<readonly Cell[]> {
  for (const { of, differ } of words.identityConflicts)
    yield ['identity', codeCell(of), '', differ.join(', ')];
  yield* contentRows(words);
}

function* contentRows({ open }: Pick<PageWords, 'open'>): Generator<readonly Cell[]> {
  for (const { item, part, code } of open())
    if (contentConflicts.includes(code)) yield ['content', codeCell(item), codeCell(part), code];
}
