import { describe, expect, it } from '@jest/globals';
import type { Tags } from './attributes.ts';
import { contradictions } from './identity.ts';

const person = (id: string, name: string, birth = '') => ({
  PatientID: id,
  PatientName: name,
  PatientBirthDate: birth,
});

const between = (here: Tags, there: Tags, tellsAll = false) => contradictions({ here, there, tellsAll });

describe('what two sides say of a PatientID', () => {
  it.each([
    [person('1', 'DOE^JANE', '19700101'), person('1', 'Doe^Jane^^', '1970.01.01')],
    [person('1', 'DOE^JANE', '19700101'), person('1', 'DOE^JANE', '')],
    [person('1', 'YAMADA^TARO=山田^太郎'), person('1', 'Yamada^Taro')],
    [person('1', 'DOE^JANE^^Dr.'), person('1', 'DOE JANE')],
    [person('1', 'Yılmaz^Līga'), person('1', 'Ylmaz^Lga')],
    [person('1', 'GRÜN'), person('1', 'Grün')],
    [person('1', 'Müller^Jürgen'), person('1', 'MÃ¼ller^JÃ¼rgen')],
    [person('1', 'MÜLLER'), person('1', 'MÃ¼ller')],
    [person('à', 'DOE'), person('Ã\u00a0', 'DOE')],
    [person('1', 'Dvořák^Ștefan'), person('1', 'Dvoák^tefan')],
    [person('2', 'DOE^JANE'), person('', 'ROE^JOHN')],
    [person('Ä1', 'DOE^JANE'), person('?1', 'DOE^JANE')],
    [person('', 'DOE^JANE'), person('', 'ROE^JOHN')],
  ])('does not contradict: %j and %j', (here, there) => {
    expect(contradictions({ here, there, tellsAll: false })).toEqual([]);
  });

  it('contradicts by name, by birth date, or by both', () => {
    expect(between(person('1', 'DOE^JANE'), person('1', 'DOE^JOHN'))).toEqual(['name']);
    expect(between(person('1', 'DOE^JANE', '19700101'), person('1', 'DOE^JANE', '19700102'))).toEqual([
      'birth date',
    ]);
    expect(between(person('1', 'Müller'), person('1', 'MÃ¶ller'))).toEqual(['name']);
    expect(between(person('1', 'A', '19700101'), person(' 1', 'B', '19710101'))).toEqual([
      'name',
      'birth date',
    ]);
  });

  it('contradicts by two PatientIDs of one study, and then by nothing else', () => {
    expect(between(person('1', 'DOE^JANE'), person('2', 'ROE^JOHN'))).toEqual(['PatientID']);
  });

  it.each([
    ['', '2'],
    ['1', ' '],
  ])('contradicts by no PatientID and one, where both sides tell all: %j and %j', (id, otherId) => {
    const [here, there] = [person(id, 'DOE^JANE'), person(otherId, 'DOE^JANE')];
    expect(between(here, there, true)).toEqual(['PatientID']);
    expect(between(person('', 'DOE^JANE'), person('', 'ROE^JOHN'), true)).toEqual([]);
  });

  it('contradicts by no PatientID in Orthanc, which tells all, and one at a PACS, but not the other way', () => {
    const [without, other] = [person('', 'DOE^JANE'), person('2', 'DOE^JANE')];
    expect(between(without, other)).toEqual(['PatientID']);
    expect(between(other, without)).toEqual([]);
  });

  it.each([
    ['Иванов^Пётр', 'Петров^Иван'],
    ['山田^太郎', '鈴木^一郎'],
  ])('contradicts by letters of one kind: "%s" and "%s"', (name, other) => {
    for (const tellsAll of [true, false])
      expect(between(person('1', name), person('1', other), tellsAll)).toEqual(['name']);
  });

  it('contradicts by each letter where both sides tell all', () => {
    expect(between(person('1', 'Dvořák'), person('1', 'Dvoák'), true)).toEqual(['name']);
    expect(between(person('1', 'DVOŘÁK^Jana^^'), person('1', 'Dvořák Jana'), true)).toEqual([]);
  });
});
