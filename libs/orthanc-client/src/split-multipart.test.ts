import { describe, expect, it } from '@jest/globals';
import { splitMultipart } from './split-multipart.ts';

const boundary = '402eb038-53cc';
const part = (content: string) =>
  `--${boundary}\r\nContent-Type: application/dicom\r\nContent-Length: ${String(content.length)}\r\nMIME-Version: 1.0\r\n\r\n${content}\r\n`;
const answer = (...contents: string[]) => `${contents.map(part).join('')}--${boundary}--\r\n`;

async function* inPiecesOf(size: number, text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function partsOf(body: AsyncIterable<Uint8Array>): Promise<string[]> {
  const parts: string[] = [];
  for await (const { chunks, length } of splitMultipart(body, boundary)) {
    const joined = Buffer.concat(chunks);
    expect(joined.length).toBe(length);
    parts.push(joined.toString('latin1'));
  }
  return parts;
}

describe('splitMultipart', () => {
  const contents = ['first', '', `holds --${boundary}-- and \r\n\r\n itself`, 'x'.repeat(5000)];

  it.each([1, 2, 3, 7, 64, 1000, 100_000])('finds the same parts in pieces of %d bytes', async (size) => {
    expect(await partsOf(inPiecesOf(size, answer(...contents)))).toEqual(contents);
  });

  it('reads an answer without parts', async () => {
    expect(await partsOf(inPiecesOf(10, `--${boundary}--\r\n`))).toEqual([]);
  });

  it('tells a cut-off answer from a finished one, wherever it is cut', async () => {
    const whole = answer('first', 'second');
    for (let length = 0; length < whole.length - 2; length += 1) {
      await expect(partsOf(inPiecesOf(16, whole.slice(0, length)))).rejects.toMatchObject({
        kind: 'transient',
        code: 'ORTHANC_ANSWER_CUT_OFF',
      });
    }
  });

  it('refuses a part that is longer than it says', async () => {
    const wrong = answer('first').replace('Content-Length: 5', 'Content-Length: 4');
    await expect(partsOf(inPiecesOf(16, wrong))).rejects.toMatchObject({ code: 'ORTHANC_ANSWER_UNREADABLE' });
  });

  it('asks for admission before it reads a part', async () => {
    const admitted: number[] = [];
    const body = inPiecesOf(8, answer('first', 'second'));
    for await (const { length } of splitMultipart(body, boundary, async (n) => void admitted.push(n))) {
      expect(admitted.at(-1)).toBe(length);
    }
    expect(admitted).toEqual([5, 6]);
  });
});
