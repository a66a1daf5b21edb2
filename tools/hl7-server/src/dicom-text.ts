// eslint-disable-next-line no-control-regex -- these are what is taken out
const controls = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g;
// eslint-disable-next-line no-control-regex -- what does not belong into a line
const odd = /[\0-\x1f\x7f\\]/;

const clipped = (text: string, most: number): string => {
  // No character is shorter than one code unit.
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 4).join('')}...`;
};

/** Text of one line: no control character, no backslash, which would separate values; clipped, and marked as such. */
export function lineOfText(text: string, most = 64): string {
  // Most text is a line already.
  if (!odd.test(text)) return clipped(text.trim(), most);
  const line = text
    .replaceAll(/\s*[\r\n\t]+\s*/g, ' ')
    .replace(controls, '')
    .replaceAll('\\', '/')
    .trim();
  return clipped(line, most);
}

/** An identifier of one line; what is too long is for the caller to judge. */
export const identifierText = (text: string): string => lineOfText(text, Infinity);

/** Text of several lines. */
export function paragraphs(text: string, most = 10_240): string {
  const lines = text
    .replaceAll(/\r\n|\r|\n/g, '\n')
    .replace(controls, '')
    .trimEnd();
  return clipped(lines, most).replaceAll('\n', '\r\n');
}

/** One component of a person's name. */
const nameComponent = (text: string): string =>
  lineOfText(text.replaceAll(/[\^=]/g, ' '), Infinity).replaceAll(/ {2,}/g, ' ').trim();

const longestGroup = 64;

/** A component group of a person's name, without empty components at its end; 64 characters at most. */
export function nameGroup(components: readonly string[]): string {
  const joined = components.map(nameComponent).join('^').replace(/\^+$/, '');
  if (joined.length <= longestGroup) return joined;
  return [...joined].slice(0, longestGroup).join('').replace(/\^+$/, '');
}
