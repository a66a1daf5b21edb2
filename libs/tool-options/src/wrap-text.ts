/** Breaks a text into lines of at most `width` columns, the first and the others indented alike; a longer word stays whole. */
export function wrapText(text: string, width: number, indent = 0): string {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(margin + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, margin + line].join('\n');
}

/** A name in a column of its own, its explanation wrapped beside it. */
export function wrapBeside(
  name: string,
  text: string,
  { column, width }: { column: number; width: number },
): string {
  return `  ${name.padEnd(column - 2)}${wrapText(text, width, column).slice(column)}`;
}
