import { describe, expect, it } from '@jest/globals';
import { permanentFailure } from '@orthanc-tools/failures';
import { createLogger } from './logger.ts';
import type { LoggerSettings } from './logger.ts';

const noon = new Date('2026-06-01T12:00:00.000Z');

async function loggerInto(settings: Partial<LoggerSettings> = {}) {
  const lines: string[] = [];
  const log = await createLogger({
    level: 'debug',
    format: 'json',
    write: (line) => lines.push(line),
    now: () => noon,
    ...settings,
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('a log line', () => {
  it('is one JSON object with time, level, event and facts', async () => {
    const { log, lines, last } = await loggerInto();
    log.info('instance.verified', { orthancId: 'a-b', attempt: 2 });
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      time: '2026-06-01T12:00:00.000Z',
      level: 'info',
      event: 'instance.verified',
      orthancId: 'a-b',
      attempt: 2,
    });
  });

  it('is not made below the level', async () => {
    const { log, lines } = await loggerInto({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['c', 'd']);
  });

  it('is not made at all by a silent logger', async () => {
    const { log, lines } = await loggerInto({ level: 'silent' });
    log.error('d');
    expect(lines).toEqual([]);
  });

  it('carries the facts of its logger and of that one’s parents, unless it has its own', async () => {
    const { log, last } = await loggerInto();
    log.child({ tool: 'cloner', attempt: 1 }).child({ study: 's' }).info('item.rescheduled', { attempt: 2 });
    expect(last()).toMatchObject({ tool: 'cloner', study: 's', attempt: 2 });
  });

  it('keeps its own fields when facts have the same names', async () => {
    const { log, lines, last } = await loggerInto();
    log.info('rule.read', { level: 'study', event: 'x', time: 5 });
    expect(last()).toMatchObject({
      level: 'info',
      event: 'rule.read',
      level_: 'study',
      event_: 'x',
      time_: 5,
    });
    expect(lines[0]?.match(/"level":/g)).toHaveLength(1);
  });

  it('holds whatever it is given without an error', async () => {
    const { log, last } = await loggerInto();
    const loop: Record<string, unknown> = { n: 1 };
    loop['self'] = loop;
    log.info('odd.seen', {
      loop,
      big: 12n,
      nan: Number.NaN,
      date: noon,
      wrong: new Date(Number.NaN),
      set: new Set(['a']),
      map: new Map([['k', 1]]),
      nothing: null,
      call: () => 1,
    });
    expect(last()).toMatchObject({
      loop: { n: 1, self: '[circular]' },
      big: '12',
      nan: 'NaN',
      date: '2026-06-01T12:00:00.000Z',
      wrong: 'Invalid Date',
      set: ['a'],
      map: { k: 1 },
      nothing: null,
    });
  });

  it('shows of bytes only how many there are, and of long texts only the beginning', async () => {
    const { log, last } = await loggerInto();
    log.info('answer.read', { body: Buffer.from('DOE^JANE'), text: 'x'.repeat(100_000) });
    expect(last()['body']).toBe('[8 bytes]');
    expect(String(last()['text']).length).toBeLessThan(8300);
  });

  it('tells of a failure its code and facts, and of a defect its stack', async () => {
    const { log, last } = await loggerInto();
    const cause = new TypeError('x is undefined');
    log.error('item.set_aside', {
      error: permanentFailure('INSTANCE_FILTERED', 'Filtered.', { cause, facts: { status: 200 } }),
    });
    expect(last()['error']).toMatchObject({
      kind: 'permanent',
      code: 'INSTANCE_FILTERED',
      message: 'Filtered.',
      facts: { status: 200 },
      cause: {
        type: 'TypeError',
        message: 'x is undefined',
        stack: expect.stringContaining('logger.test'),
      },
    });
    expect(last()['error']).not.toHaveProperty('stack');
  });
});

describe('secrets', () => {
  const secret = 'p"ss wörd/1';

  it('are masked wherever they stand, in each spelling', async () => {
    const { log, lines } = await loggerInto({ redact: [secret] });
    const facts = {
      plain: `I use ${secret}.`,
      deep: [{ list: [secret] }],
      json: JSON.stringify({ secret }),
      address: `http://x/?q=${encodeURIComponent(secret)}`,
      error: new Error(secret, { cause: new Error(`inner ${secret}`) }),
    };
    log.child(facts).warn('login.failed', facts);
    for (const spelling of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), 'wörd'])
      expect(lines.join('')).not.toContain(spelling);
  });

  it('are masked by the names of their fields, whatever they are', async () => {
    const { log, last } = await loggerInto();
    log.info('request.sent', {
      destPwd: 'hunter2',
      api_key: 12345,
      headers: { Authorization: ['Basic abc'], 'X-Api-Key': 'k', 'Set-Cookie': 'c', accept: '*/*' },
    });
    expect(last()).toMatchObject({
      destPwd: '***',
      api_key: '***',
      headers: { Authorization: '***', 'X-Api-Key': '***', 'Set-Cookie': '***', accept: '*/*' },
    });
  });

  it('are masked in addresses and in HTTP credentials that nobody named', async () => {
    const { log, last } = await loggerInto();
    log.info('proxy.used', {
      proxy: 'http://joe:hunter2@proxy:3128/x',
      sent: 'header was Bearer abc.def-123',
    });
    expect(last()).toMatchObject({ proxy: 'http://***@proxy:3128/x', sent: 'header was Bearer ***' });
  });

  it('of few characters are masked where they stand alone, so that the rest stays readable', async () => {
    const { log, last } = await loggerInto({ redact: ['abc', ''] });
    log.info('login.failed', { said: 'abc', id: 'xabcx', text: 'not "abc".' });
    expect(last()).toMatchObject({ said: '***', id: 'xabcx', text: 'not "***".' });
  });

  it('leave no tail behind when one is the beginning of another', async () => {
    const { log, last } = await loggerInto({ redact: ['orthanc', 'orthanc-2026'] });
    log.info('login.failed', { said: 'orthanc-2026' });
    expect(last()['said']).toBe('***');
  });

  it('do not hide what options say of themselves', async () => {
    const { log, last } = await loggerInto();
    log.info('run.started', { options: { destPwd: { value: '***', origin: 'variable' } } });
    expect(last()['options']).toEqual({ destPwd: { value: '***', origin: 'variable' } });
  });
});
