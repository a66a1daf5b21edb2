import { describe, expect, it } from '@jest/globals';
import { differingIdentities, patientIdentity, saysNothing } from './patient-identity.ts';

const of = (name: string, birthDate = '19700203') => patientIdentity({ name, birthDate });

describe('the identity of a patient', () => {
  it.each([
    ['padding and trailing carets', 'Doe^Jane', ' Doe^Jane^^ ^ '],
    ['letter case', 'DOE^JANE', 'Doe^Jane'],
    ['a title', 'Doe^Jane^^Dr.', 'Doe^Jane'],
    ['blanks in place of carets', 'Doe Jane', 'Doe^Jane'],
    ['composed and combining characters', 'M\u00fcller^Anna', 'Mu\u0308ller^Anna'],
    ['a sharp s, which capitals do not have', 'Strauß^Anna', 'STRAUSS^ANNA'],
    ['a group of the name that only one has', 'Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada^Tarou'],
    ['half width and hiragana', '==ﾔﾏﾀﾞ^ﾀﾛｳ', '==やまだ^たろう'],
    ['no group in common', 'Yamada^Tarou', '=山田^太郎'],
    ['an empty name', '', 'Doe^Jane'],
  ])('does not differ by %s', (_, one, other) => {
    expect(differingIdentities([of(one), of(other)])).toEqual([]);
  });

  it.each([
    ['another given name', 'Doe^Jane', 'Doe^John'],
    ['given and family name exchanged', 'Martin^Paul', 'Paul^Martin'],
    ['a suffix', 'Doe^John', 'Doe^John^^^Jr.'],
    ['another spelling', 'Müller^Anna', 'Mueller^Anna'],
    ['other ideographs under the same transcription', 'Yamada^Tarou=山田^太郎', 'Yamada^Tarou=山田^多朗'],
  ])('differs by %s', (_, one, other) => {
    expect(differingIdentities([of(one), of(other)])).toEqual(['name']);
  });

  it('differs by the birth date, however it is written, unless one is unknown', () => {
    expect(differingIdentities([of('Doe', '19700203'), of('Doe', '1970.02.03 ')])).toEqual([]);
    expect(differingIdentities([of('Doe', '19700203'), of('Doe', '19700302')])).toEqual(['birth date']);
    for (const unknown of ['', '1970', '00000000', 'unknown'])
      expect(differingIdentities([of('Doe'), of('Doe', unknown)])).toEqual([]);
    expect(differingIdentities([of('Doe', '19700203'), of('Roe', '19700302')])).toEqual([
      'name',
      'birth date',
    ]);
  });

  it('differs in whatever order the files come, also when the first say nothing', () => {
    const several = [of('', ''), of('Doe', ''), of('', '19700203'), of('Roe', '')];
    expect(differingIdentities(several)).toEqual(['name']);
    expect(differingIdentities(several.reverse())).toEqual(['name']);
  });

  it('cannot be read back, and is empty where nothing is said', () => {
    expect(of('Doe^Jane')).not.toMatch(/doe|1970/i);
    expect(saysNothing(of(' ^ ', ''))).toBe(true);
    expect(saysNothing(of('', '19700203'))).toBe(false);
  });
});
