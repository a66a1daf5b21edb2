import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { splitFrame } from './split-frame.ts';

const texts = (frame: string | Buffer) =>
  splitFrame(Buffer.from(frame as string)).messages.map((bytes) => bytes.toString('utf8'));

describe('what one frame holds', () => {
  it('is one message as it stands, mostly', () => {
    expect(splitFrame(Buffer.from('MSH|a\rPID|b\r'))).toMatchObject({ isBatch: false, announced: undefined });
    expect(texts('MSH|a\rPID|b\r')).toEqual(['MSH|a\rPID|b\r']);
  });

  it('is several messages, with or without batch headers', () => {
    expect(texts('MSH|1\rPID|x\rMSH|2\r')).toEqual(['MSH|1\rPID|x\r', 'MSH|2\r']);
    const batch = splitFrame(Buffer.from('FHS|^~\\&\r\nBHS|^~\\&\r\nMSH|1\r\nPID|x\r\nBTS|3\r\nFTS|1\r\n'));
    expect(batch.messages.map(String)).toEqual(['MSH|1\r\nPID|x\r\n']);
    expect(batch).toMatchObject({ isBatch: true, announced: 3 });
  });

  it('loses a byte order mark, and what stands before MSH', () => {
    expect(texts('\uFEFFMSH|1')).toEqual(['MSH|1']);
    expect(texts('\r\n  msh|1')).toEqual(['msh|1']);
  });

  it('is read as UTF-16 where a mark or zeros prove that', () => {
    for (const codec of ['utf-16le', 'utf-16be'] as const) {
      const marked = splitFrame(iconv.encode('MSH|山', codec, { addBOM: true }));
      expect([marked.messages.map(String), marked.wide]).toEqual([['MSH|山'], codec]);
      expect(splitFrame(iconv.encode('MSH|山', codec, { addBOM: false })).wide).toBe(codec);
    }
  });

  it('is handed on whole when there is no MSH', () => {
    expect(texts('PID|1')).toEqual(['PID|1']);
    expect(texts('')).toEqual(['']);
  });
});
