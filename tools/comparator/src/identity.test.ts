import { describe, expect, it } from '@jest/globals';
import { contradictions } from './identity.ts';

const person = (id: string, name: string, birth = '') => ({
  PatientID: id,
  PatientName: name,
  PatientBirthDate: birth,
});

describe('what two sides say of a PatientID', () => {
  it.each([
    [person('1', 'DOE^JANE', '19700101'), person('1', 'Doe^Jane^^', '1970.01.01')],
    [person('1', 'DOE^JANE', '19700101'), person('1', 'DOE^JANE', '')],
    [person('1', 'YAMADA^TARO=山田^太郎'), person('1', 'Yamada^Taro')],
    [person('1', 'DOE^JANE^^Dr.'), person('1', 'DOE JANE')],
    [person('1', 'Yılmaz^Līga'), person('1', 'Ylmaz^Lga')],
    [person('1', 'GRÜN'), person('1', 'Grün')],
    [person('1', 'Dvořák^Ștefan'), person('1', 'Dvoák^tefan')],
    [person('1', 'DOE^JANE'), person('2', 'ROE^JOHN')],
    [person('', 'DOE^JANE'), person('', 'ROE^JOHN')],
  ])('does not contradict: %j and %j', (here, there) => {
    expect(contradictions(here, there)).toEqual([]);
  });

  it('contradicts by name, by birth date, or by both', () => {
    expect(contradictions(person('1', 'DOE^JANE'), person('1', 'DOE^JOHN'))).toEqual(['name']);
    expect(contradictions(person('1', 'DOE^JANE', '19700101'), person('1', 'DOE^JANE', '19700102'))).toEqual([
      'birth date',
    ]);
    expect(contradictions(person('1', 'A', '19700101'), person(' 1', 'B', '19710101'))).toEqual([
      'name',
      'birth date',
    ]);
  });
});
