import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { engineFinished } from './engine-images.ts';

describe('the end of what the engine tells of', () => {
  const told = (...lines: object[]): NodeJS.ReadableStream =>
    Readable.from(lines.map((line) => `${JSON.stringify(line)}\r\n`));

  it('is a success where it tells of steps only', async () => {
    await engineFinished(told({ stream: 'Step 1/2 : FROM node' }, { aux: { ID: 'sha256:1' } }));
  });

  it('is an error where a line of it is one, as the answer itself was 200 long before', async () => {
    const step = { stream: 'Step 2/2 : COPY a b' };
    const error = { errorDetail: { message: 'No such image: sha256:1' }, error: 'No such image: sha256:1' };
    await expect(engineFinished(told(step, error))).rejects.toThrow('No such image: sha256:1');
  });

  it.each([1, 7, 40, 1000])(
    'is read by lines, however the pieces are cut: after %i characters',
    async (size) => {
      const step = { stream: 'Step 2/2 : COPY a b' };
      const text = [step, step, { error: 'No such image' }, step]
        .map((line) => JSON.stringify(line))
        .join('\n');
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.slice(index * size, (index + 1) * size),
      );
      await expect(engineFinished(Readable.from(pieces))).rejects.toThrow('No such image');
    },
  );

  it('is an error where it is cut off', async () => {
    const cut = Readable.from(
      (async function* () {
        await Promise.resolve();
        yield `${JSON.stringify({ stream: 'Step 1/2 : FROM node' })}\n`;
        throw new Error('socket hang up');
      })(),
    );
    await expect(engineFinished(cut)).rejects.toThrow('socket hang up');
  });
});
