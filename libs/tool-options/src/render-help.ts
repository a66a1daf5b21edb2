import { demandOf, groupedRows } from './option-rows.ts';
import type { OptionRow } from './option-rows.ts';
import type { OptionTable } from './option-entry.ts';
import { wrapBeside, wrapText } from './wrap-text.ts';

export interface HelpPage {
  /** What a user types, sub-command included. */
  readonly command: string;
  readonly summary: string;
  readonly commands?: readonly { readonly name: string; readonly summary: string }[];
  readonly examples?: readonly string[];
  readonly notes?: readonly string[];
  readonly exitCodes?: readonly { readonly code: number; readonly meaning: string }[];
  /** False where nothing is demanded, as in `status`. */
  readonly demandsRequired?: boolean;
  /** Columns of the terminal; 80 when left out. */
  readonly width?: number;
}

const narrowest = 50;
const widest = 100;

const precedence =
  'Every option may also be given as the variable in brackets, or in the file that --config names. A flag wins over a variable, a variable over the file. What is empty counts as not given. Names ending in _FILE name a file that holds the secret.';

/** The page that `--help` prints. */
export function renderHelp(table: OptionTable, page: HelpPage): string {
  const width = Math.min(Math.max(page.width ?? 80, narrowest), widest);
  const { commands = [], examples = [], notes = [], exitCodes = [] } = page;
  const usage = `Usage: ${page.command}${commands.length > 0 ? ' [command]' : ''} [options]`;
  const beside = { width, column: 13 };
  const sections = [
    `${usage}\n\n${wrapText(page.summary, width)}`,
    section(
      'Commands',
      commands.map(({ name, summary }) => wrapBeside(name, summary, beside)),
    ),
    ...[...groupedRows(table)].map(([group, rows]) =>
      section(
        group,
        rows.map((row) => describeRow(row, { width, demandsRequired: page.demandsRequired ?? true })),
      ),
    ),
    section('Help', [
      wrapBeside('-h, --help', 'Print this page; after a command, the page of that command.', {
        width,
        column: 17,
      }),
      wrapBeside('-V, --version', 'Print the version.', { width, column: 17 }),
    ]),
    wrapText(precedence, width),
    section(
      'Examples',
      examples.map((example) => `  ${example}`),
    ),
    section(
      'Exit codes',
      exitCodes.map(({ code, meaning }) => wrapBeside(String(code), meaning, { width, column: 7 })),
    ),
    ...notes.map((note) => wrapText(note, width)),
  ];
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines].join('\n');
}

function describeRow(
  row: OptionRow,
  { width, demandsRequired }: Required<Pick<HelpPage, 'width' | 'demandsRequired'>>,
): string {
  const { entry, flags, variables } = row;
  const value = entry.kind === 'toggle' ? '' : ` ${entry.placeholder}`;
  const brackets = [
    ...(variables.length === 0 ? [] : [variables.join(' or ')]),
    ...(entry.permitted === undefined ? [] : [entry.permitted]),
    ...(row.default === undefined ? [] : [`default: ${row.default}`]),
    ...[demandsRequired ? demandOf(row) : undefined].filter((demand) => demand !== undefined),
  ];
  const facts = brackets.length === 0 ? '' : ` [${brackets.join('; ')}]`;
  return `  ${flags.join(', ')}${value}\n${wrapText(`${entry.describe}${facts}`, width, 6)}`;
}
