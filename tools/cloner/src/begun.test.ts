import process from 'node:process';
import { expect, it } from '@jest/globals';
import { begun } from './begun.ts';

it('is begun before anybody wants it, and once more only for who wants it again', async () => {
  let times = 0;
  const wanted = begun(() => Promise.resolve((times += 1)));
  expect(times).toBe(1);
  expect(await wanted()).toBe(1);
  expect(await wanted()).toBe(2);
});

it('fails nobody where nobody wants it', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    begun(() => Promise.reject(new Error('away')));
    await new Promise(setImmediate);
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
});

it('fails who wants it, who then may try again', async () => {
  let isAway = true;
  const wanted = begun(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve('there')));
  await Promise.resolve();
  isAway = false;
  await expect(wanted()).rejects.toThrow('away');
  expect(await wanted()).toBe('there');
});
