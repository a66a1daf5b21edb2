import { describe, expect, it } from '@jest/globals';
import { plainAnswerHead } from './answer-head.ts';

const head = (...lines: string[]) => lines.join('\r\n');

describe('plainAnswerHead', () => {
  it("reads Orthanc's answer", () => {
    expect(
      plainAnswerHead(
        head(
          'HTTP/1.1 200 OK',
          'Connection: keep-alive',
          'Keep-Alive: timeout=1',
          'Content-Length: 525922',
          'Content-Type: application/dicom',
        ),
      ),
    ).toEqual({ length: 525922, reusableMs: 500 });
  });

  it('knows a connection that will be closed', () => {
    expect(plainAnswerHead(head('HTTP/1.1 200 OK', 'connection: Close', 'content-length:7'))).toEqual({
      length: 7,
      reusableMs: 0,
    });
  });

  it.each([
    ['another status', head('HTTP/1.1 404 Not Found', 'Content-Length: 7')],
    ['a status that only begins like it', head('HTTP/1.1 2001 OK', 'Content-Length: 7')],
    ['an older protocol', head('HTTP/1.0 200 OK', 'Content-Length: 7')],
    ['no length', head('HTTP/1.1 200 OK', 'Content-Type: application/dicom')],
    ['two lengths', head('HTTP/1.1 200 OK', 'Content-Length: 7', 'content-length: 8')],
    ['a length that is none', head('HTTP/1.1 200 OK', 'Content-Length: 7, 8')],
    ['chunks', head('HTTP/1.1 200 OK', 'Content-Length: 7', 'Transfer-Encoding: chunked')],
    ['a packed body', head('HTTP/1.1 200 OK', 'Content-Length: 7', 'Content-Encoding: gzip')],
    ['a folded line', head('HTTP/1.1 200 OK', 'Content-Length: 7', ' Content-Length: 8')],
    ['nothing', ''],
  ])('leaves %s to others', (_, text) => {
    expect(plainAnswerHead(text)).toBeUndefined();
  });
});
