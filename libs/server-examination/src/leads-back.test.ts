import { describe, expect, it } from '@jest/globals';
import { leadsBack } from './leads-back.ts';

const own = { port: 4242, url: 'http://Orthanc:8042/' };

describe('the address that a server has of another', () => {
  it.each(['localhost', '127.0.0.1', '127.0.1.1', '::1', '[::1]', 'orthanc', 'ORTHANC'])(
    'leads back at %s',
    (host) => {
      expect(leadsBack({ host, port: 4242 }, own)).toBe(true);
    },
  );

  it.each([
    ['pacs', 4242],
    ['localhost.example', 4242],
    ['localhost', 4243],
    ['localhost', undefined],
  ])('leads elsewhere at %s, port %s', (host, port) => {
    expect(leadsBack({ host, port }, own)).toBe(false);
  });

  it('leads elsewhere where the server does not tell its port', () => {
    expect(leadsBack({ host: 'localhost', port: undefined }, { ...own, port: undefined })).toBe(false);
  });
});
