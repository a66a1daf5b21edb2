/** What becomes of a block of a page, as the comment before it says. */
export type Treatment =
  | { readonly is: 'run' }
  /** `<!-- file: rules.yml -->`: written under this name beside the commands of its page. */
  | { readonly is: 'file'; readonly name: string }
  /** `<!-- tried by: e2e/… -->`: a test of its own. */
  | { readonly is: 'tried by'; readonly test: string }
  /** `<!-- not run: it needs a registry -->` */
  | { readonly is: 'not run'; readonly why: string };

export interface Block {
  readonly page: string;
  /** Of its first line, from 1 on. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly treatment: Treatment;
}

/** Languages of what a reader types or copies into a file that something reads. */
const tried = new Set(['sh', 'shell', 'bash', 'console', 'yaml', 'yml', 'ts', 'js', 'mjs']);

/** The blocks of a page that somebody may copy. Pure. */
export function findBlocks(page: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent = '', language = ''] = /^( *)```(\w*)/.exec(lines[at] ?? '') ?? [];
    if (!lines[at]?.trimStart().startsWith('```')) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === '```');
    const text = lines
      .slice(at + 1, end)
      .map((line) => line.slice(indent.length))
      .join('\n');
    const treatment = treatmentIn(lines.slice(0, at).join('\n').trimEnd());
    if (tried.has(language)) blocks.push({ page, line: at + 1, language, text, treatment });
    at = end;
  }
  return blocks;
}

function treatmentIn(before: string): Treatment {
  const [, kind, what = ''] = /<!-- (file|tried by|not run): ([^>]+?) -->$/.exec(before) ?? [];
  if (kind === 'file') return { is: 'file', name: what };
  if (kind === 'tried by') return { is: 'tried by', test: what };
  return kind === 'not run' ? { is: 'not run', why: what } : { is: 'run' };
}

/** The commands of a shell block, each as it would be typed. Pure. */
export const commandsIn = (text: string): string[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
