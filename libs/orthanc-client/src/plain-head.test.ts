import { describe, expect, it } from '@jest/globals';
import { plainHead } from './plain-head.ts';

const head = (...lines: string[]) => lines.join('\r\n');

describe('plainHead', () => {
  it("reads Orthanc's answer", () => {
    expect(
      plainHead(
        head(
          'HTTP/1.1 200 OK',
          'Connection: keep-alive',
          'Keep-Alive: timeout=1',
          'Content-Length: 525922',
          'Content-Type: application/dicom',
        ),
      ),
    ).toMatchObject({ status: 200, length: 525922, reusableMs: 500 });
  });

  it('reads a refusal, with what it says', () => {
    expect(
      plainHead(head('HTTP/1.1 503 Service Unavailable', 'Retry-After: 3', 'Content-Length: 0')),
    ).toMatchObject({ status: 503, length: 0, headers: { 'retry-after': '3' } });
  });

  it('knows a connection that will be closed', () => {
    expect(plainHead(head('HTTP/1.1 200 OK', 'connection: Close', 'content-length:7'))).toMatchObject({
      length: 7,
      reusableMs: 0,
    });
  });

  it.each([
    ['an answer before the answer', head('HTTP/1.1 100 Continue', 'Content-Length: 7')],
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
    expect(plainHead(text)).toBeUndefined();
  });
});
