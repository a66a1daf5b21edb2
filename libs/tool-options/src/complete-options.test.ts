import { describe, expect, it } from '@jest/globals';
import { oneOf } from './choice-options.ts';
import { completeOptions } from './complete-options.ts';
import { declareOptions } from './declare-options.ts';
import { effectiveOptions, secretsIn } from './effective-options.ts';
import { headerList } from './list-options.ts';
import { count, duration } from './number-options.ts';
import { secret, text } from './text-options.ts';
import { url } from './url-option.ts';

const table = declareOptions({
  destUrl: url({ describe: '', required: true }),
  destPwd: secret({ describe: '' }),
  destHeaders: headerList({ describe: '' }),
  mode: oneOf(['Default', 'Peering'], { describe: '', default: 'Default' }),
  destPeer: text({ describe: '', requiredWhen: { mode: ['Peering'] } }),
  workers: count({
    describe: '',
    default: 4,
    check: (value) => (value % 2 === 0 ? undefined : 'must be even'),
  }),
  timeout: duration({ describe: '', default: '30s' }),
});

describe('completeOptions', () => {
  it('adds the defaults and reads texts as the command line does', () => {
    expect(completeOptions(table, { destUrl: 'http://b:8042', workers: 6 })).toEqual({
      destUrl: 'http://b:8042/',
      destPwd: undefined,
      destHeaders: undefined,
      mode: 'Default',
      destPeer: undefined,
      workers: 6,
      timeout: 30_000,
    });
  });

  it('lists every fault at once, by key', () => {
    const wrong = { destUrl: 'b', mode: 'Peering', workers: 5, colour: 'red' } as const;
    expect(() => completeOptions(table, wrong)).toThrow(
      [
        '"colour" is not an option.',
        'destUrl must be an address that starts with http:// or https://, not "b".',
        'workers must be even.',
        'destPeer is required with mode = Peering.',
      ].join('\n'),
    );
  });
});

describe('what a script gives', () => {
  it.each([
    [{ workers: 0.5 }, 'workers must be a whole number, 0 or more, not "0.5".'],
    [{ workers: -2 }, 'workers must be a whole number, 0 or more, not "-2".'],
    [{ timeout: -1 }, 'timeout must be a length of time'],
    [{ destHeaders: { 'X A': '1' } }, 'destHeaders must be lines of "Name: value"'],
  ])('meets the limits of what a user types: %j', (given, fault) => {
    expect(() => completeOptions(table, { destUrl: 'http://b', ...given })).toThrow(fault);
  });

  it('keeps its values', () => {
    const given = { destUrl: 'http://b/', workers: 8, timeout: 1500, destHeaders: { 'X-A': 'a, b' } };
    expect(completeOptions(table, given)).toMatchObject(given);
  });
});

describe('what may be logged', () => {
  const values = completeOptions(table, {
    destUrl: 'http://b',
    destPwd: 's3cret',
    destHeaders: { 'X-T': 't0ken' },
  });

  it('holds no secret, and what has no value not at all', () => {
    expect(effectiveOptions(table, { values, origins: { destUrl: 'flag' } })).toEqual({
      destUrl: { value: 'http://b/', origin: 'flag' },
      destPwd: { value: '***', origin: 'default' },
      destHeaders: { value: 'X-T: ***', origin: 'default' },
      mode: { value: 'Default', origin: 'default' },
      workers: { value: '4', origin: 'default' },
      timeout: { value: '30s', origin: 'default' },
    });
  });

  it('names the secrets for those who must mask them', () => {
    expect(secretsIn(table, values)).toEqual(['s3cret', 't0ken']);
  });
});
