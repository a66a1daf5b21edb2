import { createReadStream } from 'node:fs';

/**
 * The lines of a file, as they were written: only \n ends one. A trail of an older version may hold what others take for the
 * end of a line, such as U+2028, as it stood in the name of a rule.
 */
export async function* linesIn(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const [first = '', ...others] = chunk.split('\n');
    rest += first;
    for (const next of others) {
      yield rest;
      rest = next;
    }
  }
  if (rest !== '') yield rest;
}
