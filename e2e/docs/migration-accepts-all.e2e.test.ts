import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { builtTool } from '../command/running-command.ts';
import { repository } from './read-pages.ts';

const markdown = await readFile(join(repository, 'docs/migration.md'), 'utf8');

interface Row {
  readonly option: string;
  readonly verdict: string;
}

/** The rows of a section that speak of an option. */
const rowsOf = (heading: string): Row[] =>
  Array.from(
    (markdown.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '').matchAll(
      /^\| `(--\w+)`\s*\| `\w+`\s*\| (.+?)\s*\|$/gm,
    ),
    ([, option = '', verdict = '']) => ({ option, verdict }),
  );

const sections = [
  ['cloner', 'Cloner', 18],
  ['importer', 'Folder importer', 12],
  ['forwarder', 'Forwarder', 9],
  ['migrator', 'Migrator', 18],
  ['comparator', 'Comparator', 16],
  ['populator', 'Test-database populator', 14],
  ['cleaner', 'Cleaner', 6],
  ['hl7-server', 'HL7 worklist server', 8],
  ['cloner', 'The scheduler', 5],
] as const;

/** Options that the tool does not know among these; it names every one. */
function unknownTo(tool: string, options: readonly string[]): string[] {
  const { command, node } = builtTool(tool);
  const { stderr } = spawnSync(node, [command, ...options.map((option) => `${option}=1`), '--of_nobody=1'], {
    encoding: 'utf8',
    env: {},
  });
  expect(stderr).toContain('of_nobody');
  return options.filter((option) => stderr.includes(`${option} is not an option`));
}

describe('what the page says of the options of the Python tools', () => {
  it.each(sections)('holds for the %s: %s', (tool, heading, count) => {
    const rows = rowsOf(heading);
    expect(rows).toHaveLength(count);
    const promised = rows.filter(({ verdict }) => /^(same|better)/.test(verdict));
    expect(rows.filter(({ verdict }) => !/^(same|better|renamed|dropped|in work)/.test(verdict))).toEqual([]);
    expect(
      unknownTo(
        tool,
        promised.map(({ option }) => option),
      ),
    ).toEqual([]);
  });

  it('would notice an option that is not there', () => {
    expect(unknownTo('cloner', ['--source_url', '--nothing_such'])).toEqual(['--nothing_such']);
  });
});
