import { type Cell, type ReportPage, barsByDay, writePage } from '@orthanc-tools/html-report';
import type { LedgerView } from '@orthanc-tools/work-ledger';
import { type WorkLine, eachLine, eachMissing } from './ledger-pages.ts';
import type { Reported } from './summarize.ts';

interface PageRequest {
  readonly path: string;
  readonly ledger: Pick<LedgerView, 'rows' | 'partNotes'>;
  readonly reported: Reported;
  /** As a person reads them: the aliases of both ends. */
  readonly from: string;
  readonly to: string;
  readonly endedAt: Date;
  /** Where all rows are. */
  readonly csv: string | undefined;
  readonly madeBy: string;
}

/** Writes what the ledger holds of all runs as one page; without patient data. */
export function writeHtmlReport(request: PageRequest): Promise<void> {
  return writePage(request.path, pageOf(request));
}

function pageOf({ ledger, reported, from, to, endedAt, csv, madeBy }: PageRequest): ReportPage {
  const { standing, report } = reported;
  return {
    title: `Migration from ${from} to ${to}`,
    verdict: verdictOf(reported),
    facts: [
      { label: 'From', value: from },
      { label: 'To', value: to },
      { label: 'Written', value: `${endedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` },
    ],
    totals: [
      { label: 'studies proved', count: standing.proved, tone: 'good' },
      {
        label: 'studies there before, not compared',
        count: standing.existing,
        tone: standing.existing > 0 ? 'doubtful' : 'quiet',
      },
      {
        label: 'studies gone from Orthanc',
        count: standing.vanished,
        tone: standing.vanished > 0 ? 'doubtful' : 'quiet',
      },
      { label: 'studies set aside', count: standing.setAside, tone: standing.setAside > 0 ? 'bad' : 'quiet' },
      {
        label: 'images missing',
        count: standing.missingImages,
        tone: standing.missingImages > 0 ? 'bad' : 'quiet',
      },
      {
        label: 'studies waiting',
        count: standing.waiting,
        tone: standing.waiting > 0 ? 'doubtful' : 'quiet',
      },
    ],
    sections: [
      {
        is: 'chart',
        heading: 'Studies by study date',
        parts: [
          { title: 'proved', tone: 'good' },
          { title: 'not proved', tone: 'bad' },
        ],
        bars: barsByDay(report.byDay.map(({ date, proved, open }) => ({ date, values: [proved, open] }))),
      },
      {
        is: 'table',
        heading: 'What is missing',
        intro:
          'Studies and searches that were set aside, with each image that the destination does not hold.',
        columns: ['Study', 'Date', 'Image', 'Code', 'Why'].map((title) => ({ title })),
        rows: missingRows(ledger),
        longest: 5000,
        allRowsIn: csv,
        whenEmpty: 'Nothing.',
      },
      {
        is: 'table',
        heading: 'Patients in conflict',
        intro: 'The same PatientID bears another name or birth date at the destination (IDENTITY_CONFLICT).',
        columns: ['Study', 'Differs in'].map((title) => ({ title })),
        rows: report.identityConflicts.map(({ study, differ }) => [codeCell(study), differ.join(', ')]),
        whenEmpty: 'None.',
      },
    ],
    madeBy,
  };
}

function verdictOf({ standing, report }: Reported): ReportPage['verdict'] {
  const { proved, accepted, existing, vanished, setAside, waiting, missingImages, studies } = standing;
  if (report.ledger.setAside > 0)
    return {
      text: `${String(setAside)} of ${String(studies)} studies are not complete; ${String(missingImages)} images are missing by name.`,
      tone: 'bad',
    };
  if (waiting > 0)
    return { text: `${String(waiting)} of ${String(studies)} studies wait.`, tone: 'doubtful' };
  if (accepted > 0)
    return {
      text: `${String(accepted)} studies were accepted; nobody can be asked about them.`,
      tone: 'doubtful',
    };
  if (existing + vanished > 0)
    return {
      text: `${String(proved)} studies are proved; ${String(existing)} were at the destination before, at least in part, and nobody can say that they are the same; ${String(vanished)} are gone from Orthanc.`,
      tone: 'doubtful',
    };
  return { text: `All ${String(proved)} studies are proved at the destination.`, tone: 'good' };
}

/** As people write it; as it is where it is none. */
const dayOf = (date: string): string => date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

const codeCell = (text: string): Cell => ({ text, isCode: true });

function* missingRows(ledger: PageRequest['ledger']): Generator<readonly Cell[]> {
  for (const line of eachLine(ledger)) {
    if (line.state !== 'set aside') continue;
    const gaps = [...eachMissing(line.key, ledger)];
    if (gaps.length === 0) yield rowOf(line, '', line);
    for (const gap of gaps) yield rowOf(line, gap.part, gap);
  }
}

const rowOf = (
  { key, date }: WorkLine,
  image: string,
  { code, message }: { readonly code: string; readonly message: string },
): readonly Cell[] => [codeCell(key), dayOf(date), codeCell(image), { text: code, tone: 'bad' }, message];
