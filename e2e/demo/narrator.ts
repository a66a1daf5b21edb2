import { styleText } from 'node:util';
import process from 'node:process';

/** Tells a person what happens, step by step, and how long each took. Without colour where nobody sees colours. */
export interface Narrator {
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  say(line: string): void;
  good(line: string): void;
  bad(line: string): void;
}

export function createNarrator(): Narrator {
  const stream = process.stdout;
  const style = (format: 'bold' | 'dim' | 'green' | 'red', text: string): string =>
    styleText(format, text, { stream });
  const write = (line: string): unknown => stream.write(`${line}\n`);
  let steps = 0;
  return {
    async step(title, work) {
      steps += 1;
      write(style('bold', `\n${String(steps)}. ${title}`));
      const startedAt = performance.now();
      const result = await work();
      write(style('dim', `   ${((performance.now() - startedAt) / 1000).toFixed(1)} s`));
      return result;
    },
    say: (line) => void write(`   ${line}`),
    good: (line) => void write(`   ${style('green', line)}`),
    bad: (line) => void write(`   ${style('red', line)}`),
  };
}
