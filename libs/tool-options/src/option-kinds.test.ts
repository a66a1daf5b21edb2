import { describe, expect, it } from '@jest/globals';
import { oneOf, toggle } from './choice-options.ts';
import { headerList, textList } from './list-options.ts';
import { count, duration } from './number-options.ts';
import type { OptionEntry } from './option-entry.ts';
import { secret, text } from './text-options.ts';
import { url } from './url-option.ts';

const describeIt = { describe: 'A thing.' };

const faultOf = (entry: OptionEntry, ...texts: string[]): string => {
  const parsed = entry.parse(texts);
  return 'fault' in parsed ? parsed.fault : `no fault, but the value ${JSON.stringify(parsed.value)}`;
};

const valueOf = (entry: OptionEntry, ...texts: string[]): unknown => {
  const parsed = entry.parse(texts);
  return 'value' in parsed ? parsed.value : parsed.fault;
};

describe('url', () => {
  const entry = url({ ...describeIt, credentialsThrough: '--user and --pwd' });

  it.each([
    ['http://a:8042', 'http://a:8042/'],
    ['https://a/orthanc', 'https://a/orthanc/'],
    [' http://A:80/x/ ', 'http://a/x/'],
  ])('ends with a slash: %s', (given, value) => {
    expect(valueOf(entry, given)).toBe(value);
  });

  it.each(['a:8042', 'ftp://a', 'http://', '//a', 'http:a b', 'http://a/?x=1', 'http://a/#x'])(
    'refuses "%s"',
    (given) => {
      expect(faultOf(entry, given)).toMatch(/^must /);
    },
  );

  it.each([
    'http://user:s3cret@a',
    'http://s3cret@a',
    'htp://user:s3cret@a',
    'http://user:s3cret@a b',
    'user:s3cret@a',
  ])('never repeats credentials: %s', (given) => {
    expect(faultOf(entry, given)).not.toContain('s3cret');
  });

  it('says where credentials belong', () => {
    expect(faultOf(entry, 'http://user:s3cret@a')).toBe(
      'must not hold a user name or a password; give them through --user and --pwd',
    );
  });

  it('masks credentials where they are permitted', () => {
    const proxy = url({ ...describeIt, mayHoldCredentials: true });
    expect(valueOf(proxy, 'http://u:s3cret@proxy:3128')).toBe('http://u:s3cret@proxy:3128/');
    expect(proxy.format('http://u:s3cret@proxy:3128/')).toBe('http://***@proxy:3128/');
  });
});

describe('count', () => {
  const entry = count({ ...describeIt, min: 1, max: 64 });

  it.each(['1', '64', ' 07 '])('reads %s', (given) => {
    expect(valueOf(entry, given)).toBe(Number(given));
  });

  it.each(['0', '65', '1.5', '1e1', '0x10', 'many', '', '--', '9007199254740993'])(
    'refuses "%s"',
    (given) => {
      expect(faultOf(entry, given)).toBe(`must be a whole number, from 1 to 64, not "${given.trim()}"`);
    },
  );

  it('refuses what a computer cannot count exactly', () => {
    expect(faultOf(count(describeIt), '9007199254740993')).toContain('must be a whole number, 0 or more');
  });
});

describe('duration', () => {
  it('keeps its limits', () => {
    const entry = duration({ ...describeIt, min: '1s', max: '1h' });
    expect(valueOf(entry, '1h')).toBe(3_600_000);
    expect(faultOf(entry, '999ms')).toContain('from 1s to 1h, not "999ms"');
    expect(faultOf(entry, '30')).toContain('must be a length of time such as 30s');
  });
});

describe('oneOf', () => {
  const entry = oneOf(['Default', 'Peering', 'Transfer'], { ...describeIt, synonyms: { Peer: 'Peering' } });

  it.each([
    ['default', 'Default'],
    ['PEERING', 'Peering'],
    ['peer', 'Peering'],
    [' Transfer ', 'Transfer'],
  ])('reads %s without regard to case', (given, value) => {
    expect(valueOf(entry, given)).toBe(value);
  });

  it('names the choices', () => {
    expect(faultOf(entry, 'fast')).toBe('must be Default, Peering or Transfer, not "fast"');
  });
});

describe('toggle', () => {
  it.each([
    ...['true', 'TRUE', '1', 'yes', 'On'].map((word) => [word, true] as const),
    ...['false', 'False', '0', 'NO', 'off'].map((word) => [word, false] as const),
  ])('reads %s', (given, value) => {
    expect(valueOf(toggle(describeIt), given)).toBe(value);
  });

  it.each(['maybe', '2', 'truee', 'y'])('refuses %s', (given) => {
    expect(faultOf(toggle(describeIt), given)).toContain(`not "${given}"`);
  });
});

describe('lists', () => {
  it('splits at commas, trims, and adds what is given again', () => {
    expect(valueOf(textList(describeIt), ' a, b,,', 'c')).toEqual(['a', 'b', 'c']);
  });

  it('reads headers from lines, from JSON, and one by one', () => {
    const entry = headerList(describeIt);
    expect(valueOf(entry, 'X-A: 1\nX-B: a:b')).toEqual({ 'X-A': '1', 'X-B': 'a:b' });
    expect(valueOf(entry, '{"X-A": "1"}')).toEqual({ 'X-A': '1' });
    expect(valueOf(entry, 'X-A: 1', 'X-B: 2')).toEqual({ 'X-A': '1', 'X-B': '2' });
  });

  it.each([
    's3cret',
    'X A: s3cret',
    '{"X": 1, "Y": "s3cret"}',
    '{"X": "s3cret\\r\\nY: 1"}',
    '{s3cret',
    ': s3cret',
    '[1]',
  ])('refuses headers without repeating them: %s', (given) => {
    const fault = faultOf(headerList(describeIt), given);
    expect(fault).toContain('must be lines of "Name: value"');
    expect(fault).not.toContain('s3cret');
  });

  it('shows the names of headers only', () => {
    expect(headerList(describeIt).format({ 'X-Token': 's3cret' })).toBe('X-Token: ***');
  });
});

describe('text and secret', () => {
  it('take a value as it is, the last one given', () => {
    expect(valueOf(text(describeIt), 'a', ' b "c" ')).toBe(' b "c" ');
  });

  it('shows no secret', () => {
    expect(secret(describeIt).format('s3cret')).toBe('***');
  });
});
