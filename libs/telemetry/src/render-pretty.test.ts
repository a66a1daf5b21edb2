import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';
import { renderPretty } from './render-pretty.ts';

/** What the zone of this machine is called at that moment. */
const zoneAt = (at: Date) => {
  const minutes = -at.getTimezoneOffset();
  const pad = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
};
const zone = zoneAt(new Date(2026, 5, 1, 3, 4, 5));

const line = (facts: Record<string, unknown>) =>
  JSON.stringify({
    level: 'info',
    time: new Date(2026, 5, 1, 3, 4, 5).toISOString(),
    event: 'tool.paused',
    ...facts,
  });
const plain = { hasColour: false };

describe('a line for people', () => {
  it('shows the time of the wall clock, level, event, sentence and facts', () => {
    expect(
      renderPretty(line({ orthancId: 'a-b', message: 'Closed until 19:00.', why: 'the hours' }), plain),
    ).toBe(
      `2026-06-01 03:04:05${zone} INFO  tool.paused  Closed until 19:00.  orthancId=a-b why="the hours"\n`,
    );
  });

  it('shows every time by the same clock', () => {
    const opensAt = new Date(2026, 5, 1, 19, 0, 0).toISOString();
    const shown = renderPretty(line({ opensAt, next: { opensAt }, note: `not before ${opensAt}` }), plain);
    const local = `2026-06-01T19:00:00${zone}`;
    expect(shown).toContain(`opensAt=${local} next={"opensAt":"${local}"} note="not before ${opensAt}"`);
  });

  it('does without facts', () => {
    expect(renderPretty(line({}), plain)).toBe(`2026-06-01 03:04:05${zone} INFO  tool.paused\n`);
  });

  it('puts stacks below', () => {
    const error = { type: 'TypeError', stack: 'TypeError: x\n    at y' };
    expect(renderPretty(line({ error }), plain).split('\n')).toEqual([
      `2026-06-01 03:04:05${zone} INFO  tool.paused  error={"type":"TypeError"}`,
      '    TypeError: x',
      '        at y',
      '',
    ]);
  });

  it('lets nobody steer the terminal or forge a line', () => {
    const evil = '\u001b[2Jx\nERROR \u009b31m';
    const shown = renderPretty(
      line({ evil, message: evil, [evil]: 1, error: { stack: `a\r\u001b[2J` } }),
      plain,
    );
    // eslint-disable-next-line no-control-regex
    expect(shown).not.toMatch(/[\u001b\u009b\r]/);
    expect(shown.trimEnd().split('\n')).toHaveLength(2);
  });

  it('has colours only when asked', () => {
    expect(renderPretty(line({}), { hasColour: true })).toContain('\u001b[36mINFO \u001b[0m');
  });

  it('is what a logger of that format writes', async () => {
    const lines: string[] = [];
    const log = await createLogger({
      level: 'info',
      format: 'pretty',
      write: (one) => lines.push(one),
      redact: ['hunter2'],
    });
    log.warn('login.failed', { message: 'hunter2 was refused' });
    expect(lines).toEqual([expect.stringMatching(/^\S+ \S+ WARN {2}login\.failed {2}\*\*\* was refused\n$/)]);
  });
});
