import { beforeEach, expect, it } from '@jest/globals';
import { type Memory, noteRemoved } from './keep-house.ts';

let open: string[];
let there: string[];
let warnings: string[];
let memory: Memory;

beforeEach(() => {
  open = ['a', 'b', 'c'];
  there = ['a', 'b', 'c'];
  warnings = [];
  memory = { missing: new Set(), vanished: new Set() };
});

const round = () =>
  noteRemoved(
    {
      server: {
        book: { open: () => open, close: (name) => void (open = open.filter((one) => one !== name)) },
        change: (prepare) => Promise.resolve(void prepare()),
      },
      output: { names: () => Promise.resolve(new Set(there)) },
      run: { log: { warn: (event: string) => void warnings.push(event) } },
    },
    memory,
    0,
  );

it('takes a worklist for removed once it has been missing twice', async () => {
  there = ['a', 'b'];
  expect(await round()).toBe(0);
  expect(await round()).toBe(1);
  expect([open, warnings]).toEqual([['a', 'b'], []]);
});

it('closes nothing when all are missing at once, however long, and also when others come meanwhile', async () => {
  there = [];
  for (let n = 0; n < 3; n += 1) expect(await round()).toBe(0);
  open.push('d');
  there = ['d'];
  expect([await round(), await round(), warnings]).toEqual([0, 0, ['worklists.vanished']]);
  there = ['a', 'b', 'd'];
  await round();
  there = ['b', 'd'];
  expect([await round(), await round(), open]).toEqual([0, 1, ['b', 'c', 'd']]);
});
