import { describe, expect, it } from '@jest/globals';
import { leadToOne } from './lead-to-one.ts';

const telling = (databaseIdentifier: string) => ({
  ...{ databaseIdentifier, httpPort: 8042, dicomPort: 4242, name: 'inbox', aet: 'ORTHANC' },
});

/** Answers one after the other; the last again and again. */
function answering(...identifiers: readonly string[]) {
  let at = 0;
  return () => {
    const told = identifiers[Math.min(at, identifiers.length - 1)] ?? '';
    at += 1;
    return Promise.resolve(telling(told));
  };
}

/** One server, that is another one to itself each time it is asked, for so many times. */
function changing(times: number) {
  let asked = 0;
  return () => {
    asked += 1;
    return Promise.resolve(telling(String(Math.min(asked, times))));
  };
}

describe('two addresses', () => {
  it('that tell the same lead to one server', async () => {
    expect(await leadToOne(answering('a'), answering('a'))).toBe(true);
  });

  it('that tell different things, each the same again, lead to two', async () => {
    expect(await leadToOne(answering('a'), answering('b'))).toBe(false);
    expect(await leadToOne(answering('a', 'c', 'c'), answering('b'))).toBe(false);
  });

  // As a container that starts on its machine makes it.
  it.each([2, 3, 4, 1000])('of one server that becomes another to itself %i times are one', async (times) => {
    const server = changing(times);
    expect(await leadToOne(server, server)).toBe(true);
  });
});
