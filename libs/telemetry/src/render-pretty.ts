const colours: Readonly<Record<string, number>> = { debug: 90, info: 36, warn: 33, error: 31 };

/** The wall clock of this machine, with its zone: people compare it with their watch. */
function localTime(iso: string, between: ' ' | 'T'): string {
  const at = new Date(iso);
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = [at.getFullYear(), pad(at.getMonth() + 1), pad(at.getDate())].join('-');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(':');
  const east = -at.getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(east) / 60), Math.abs(east) % 60];
  return `${day}${between}${time}${east < 0 ? '-' : '+'}${pad(hours)}:${pad(minutes)}`;
}

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** A moment among the facts goes by the same clock as the line. */
const byLocalClock = (fact: unknown): unknown =>
  typeof fact === 'string' && moment.test(fact) && !Number.isNaN(Date.parse(fact))
    ? localTime(fact, 'T')
    : fact;

// A server's text must not be able to steer the terminal.
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const visible = (text: string) =>
  text.replace(controls, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);

function shown(fact: unknown): string {
  if (typeof fact !== 'string')
    return visible(JSON.stringify(fact, (_, inner: unknown) => byLocalClock(inner)) ?? '');
  return /^[^\s"=]+$/.test(fact) ? visible(fact) : visible(JSON.stringify(fact));
}

/** Stacks, wherever they stand, go below the line: nobody reads them within it. */
function takeStacks(facts: Record<string, unknown>, stacks: string[]): Record<string, unknown> {
  const entries = Object.entries(facts).flatMap(([name, fact]): [string, unknown][] => {
    if (name === 'stack' && typeof fact === 'string') {
      stacks.push(fact);
      return [];
    }
    return [[name, isObject(fact) ? takeStacks(fact, stacks) : fact]];
  });
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A line of the JSON log for people: `2026-11-24 19:00:00+01:00 INFO  tool.resumed  The hours have begun.  backlogItems=12` */
export function renderPretty(line: string, { hasColour }: { hasColour: boolean }): string {
  const parsed: unknown = JSON.parse(line);
  if (!isObject(parsed)) return line;
  const { time, level, event, message, ...rest } = parsed;
  const stacks: string[] = [];
  const facts = Object.entries(takeStacks(rest, stacks)).map(
    ([name, fact]) => `${visible(name)}=${shown(byLocalClock(fact))}`,
  );
  const word = String(level).toUpperCase().padEnd(5);
  const label = hasColour ? `\u001b[${colours[String(level)] ?? 0}m${word}\u001b[0m` : word;
  const sentence =
    message === undefined ? [] : [typeof message === 'string' ? visible(message) : shown(message)];
  const head = [
    `${localTime(String(time), ' ')} ${label} ${visible(String(event))}`,
    ...sentence,
    facts.join(' '),
  ];
  const below = stacks.flatMap((stack) => stack.split('\n')).map((one) => `    ${visible(one)}`);
  return `${[head.filter((part) => part !== '').join('  '), ...below].join('\n')}\n`;
}
