import { expect, it } from '@jest/globals';
import { eachPage } from './each-page.ts';

const keys = ['a', 'b', 'c', 'd', 'e'];
const read = ({ limit, after = '' }: { limit: number; after?: string }) =>
  keys.filter((key) => key > after).slice(0, limit);
const itself = (key: string) => key;

it('tells page after page, and no empty one', () => {
  expect([...eachPage(read, itself, { pageSize: 2 })]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect([...eachPage(read, itself, { pageSize: 5 })]).toEqual([keys]);
  expect([...eachPage(() => [], itself)]).toEqual([]);
});

it('begins after a key', () => {
  expect([...eachPage(read, itself, { pageSize: 2, from: 'c' })]).toEqual([['d', 'e']]);
});

it('asks for the next page only when it is wanted, so that what is done with one may change it', () => {
  const told = ['a', 'b', 'c', 'd'];
  const pages = eachPage(
    ({ limit, after = '' }) => told.filter((key) => key > after).slice(0, limit),
    itself,
    { pageSize: 2 },
  );
  expect(pages.next().value).toEqual(['a', 'b']);
  told.splice(2, 1);
  expect(pages.next().value).toEqual(['d']);
});
