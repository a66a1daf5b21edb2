import { describe, expect, it } from '@jest/globals';
import { oneOf, toggle } from './choice-options.ts';
import { declareOptions } from './declare-options.ts';
import { count, duration } from './number-options.ts';
import type { GivenOptions, OptionsOf, RelaxedOptionsOf } from './option-entry.ts';
import { secret, text } from './text-options.ts';
import { url } from './url-option.ts';

const table = declareOptions({
  sourceUrl: url({ describe: 'Source.', required: true }),
  sourcePwd: secret({ describe: 'Password.' }),
  mode: oneOf(['Default', 'Peering'], { describe: 'Mode.', default: 'Default' }),
  level: oneOf(['Study', 'Series'], { describe: 'Level.', synonyms: { studies: 'Study' } }),
  destPeer: text({ describe: 'Peer.', requiredWhen: { mode: ['Peering'] } }),
  workers: count({
    describe: 'Workers.',
    default: 4,
    min: 1,
    check: (value) => (value > 3 ? undefined : 'is small'),
  }),
  timeout: duration({ describe: 'Limit.', default: '30s' }),
  existingChangesOnly: toggle({ describe: 'Ends when done.' }),
});

// The types are the promise here: this file does not compile when inference is lost.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const inferred: Same<
  OptionsOf<typeof table>,
  {
    readonly sourceUrl: string;
    readonly sourcePwd: string | undefined;
    readonly mode: 'Default' | 'Peering';
    readonly level: 'Study' | 'Series' | undefined;
    readonly destPeer: string | undefined;
    readonly workers: number;
    readonly timeout: number;
    readonly existingChangesOnly: boolean;
  }
> = true;
const relaxed: Same<RelaxedOptionsOf<typeof table>['sourceUrl'], string | undefined> = true;
const smallest: GivenOptions<typeof table> = { sourceUrl: 'http://a/' };

describe('declareOptions', () => {
  it('knows the type of each value', () => {
    expect([inferred, relaxed, smallest.sourceUrl]).toEqual([true, true, 'http://a/']);
  });

  it('reads a default as a user would write it', () => {
    expect(table.timeout.default).toBe(30_000);
    expect(table.workers.default).toBe(4);
    expect(table.existingChangesOnly.default).toBe(false);
  });

  it.each([
    [
      'two options of one name',
      { a: text({ describe: '' }), b: text({ describe: '', aliases: ['a'] }) },
      /claimed by the options a and b/,
    ],
    [
      'a secret whose file clashes',
      { aPwd: secret({ describe: '' }), aPwdFile: text({ describe: '' }) },
      /--a-pwd-file is claimed/,
    ],
    [
      'a switch whose negation clashes',
      { a: toggle({ describe: '' }), noA: text({ describe: '' }) },
      /--no-a is claimed/,
    ],
    [
      'a rule about nothing',
      { a: text({ describe: '', requiredWhen: { b: 'set' } }) },
      /b, which is not declared/,
    ],
    ["the system's variable", { orthancUser: text({ describe: '', aliases: ['user'] }) }, /variable USER/],
    ['a key in another spelling', { dest_url: text({ describe: '' }) }, /not camelCase/],
    ['the flag for help', { help: text({ describe: '' }) }, /--help/],
  ])('refuses %s', (_what, wrong, message) => {
    expect(() => declareOptions(wrong)).toThrow(message);
  });

  it("takes a flag of the system's name when the variable is not read", () => {
    expect(() => declareOptions({ orthancUser: text({ describe: '', flags: ['user'] }) })).not.toThrow();
  });
});
