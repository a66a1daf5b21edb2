import type { Separators } from './header.ts';
import type { MessageCharset } from './message-charset.ts';

const sequence =
  /^(?:[FSTREPHN]|\.(?:br|ce|fi|nf)|\.(?:sp|in|ti|sk)[+-]?\d*|X(?:[0-9A-Fa-f]{2})*|C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4,6}|Z[^\r\n]{0,64})$/;
const longestSequence = 20_000;
const mostLines = 20;

function meaning(content: string, separators: Separators, charset: MessageCharset): string {
  const own: Readonly<Record<string, string>> = {
    F: separators.field,
    S: separators.component,
    T: separators.subcomponent,
    R: separators.repetition,
    E: separators.escape,
    P: separators.truncation,
    '.br': '\n',
    '.ce': '\n',
  };
  if (own[content] !== undefined) return own[content];
  if (content.startsWith('X')) {
    const bytes = Buffer.from(content.slice(1), 'hex').filter((byte) => byte >= 0x20 && byte !== 0x7f);
    return charset.decode(bytes);
  }
  if (content.startsWith('.sp')) return '\n'.repeat(Math.min(mostLines, Number(content.slice(3)) || 1));
  return '';
}

/**
 * Puts in what the escape sequences of a value stand for, once. Highlighting and shifts are left out; a line break is "\n"; an escape character
 * that begins no sequence stays.
 */
export function unescapeValue(value: string, separators: Separators, charset: MessageCharset): string {
  const { escape } = separators;
  let begin = value.indexOf(escape);
  if (begin < 0) return value;
  let text = '';
  let done = 0;
  while (begin >= 0) {
    const end = value.indexOf(escape, begin + 1);
    const content = end < 0 || end - begin > longestSequence ? '\0' : value.slice(begin + 1, end);
    if (sequence.test(content)) {
      text += value.slice(done, begin) + meaning(content, separators, charset);
      done = end + 1;
      begin = value.indexOf(escape, done);
    } else begin = end;
  }
  return text + value.slice(done);
}

/** Writes a value so that it holds no separator. */
export function escapeValue(value: string, separators: Separators): string {
  const letters: Readonly<Record<string, string>> = {
    [separators.escape]: 'E',
    [separators.field]: 'F',
    [separators.component]: 'S',
    [separators.subcomponent]: 'T',
    [separators.repetition]: 'R',
  };
  const { escape } = separators;
  return Array.from(value, (character) => {
    const letter = letters[character];
    return letter === undefined ? character : `${escape}${letter}${escape}`;
  }).join('');
}
