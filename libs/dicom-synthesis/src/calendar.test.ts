import { expect, it } from '@jest/globals';
import { ageAt } from './calendar.ts';

it.each([
  ['20240101', '20240101', '000D'],
  ['20240101', '20240229', '059D'],
  ['20240101', '20240301', '002M'],
  ['20220615', '20240614', '023M'],
  ['20220615', '20240615', '002Y'],
  ['19400615', '20240614', '083Y'],
  ['19400615', '20240615', '084Y'],
  ['20000229', '20240228', '023Y'],
])('tells the age of who was born on %s on %s as a calendar does: %s', (birthDate, date, age) => {
  expect(ageAt(birthDate, date)).toBe(age);
});
