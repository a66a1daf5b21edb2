import { describe, expect, it } from '@jest/globals';
import { endpointOf } from './orthanc-connection.ts';

const shown = (url: string) => endpointOf({ url }).shown;

describe('endpointOf', () => {
  it('keeps a path prefix, with or without its last slash', () => {
    for (const url of ['http://host:8042/pacs/orthanc', 'http://host:8042/pacs/orthanc/'])
      expect(endpointOf({ url })).toMatchObject({ prefix: '/pacs/orthanc', hostname: 'host', port: 8042 });
    expect(shown('http://host:8042')).toBe('http://host:8042/');
    expect(shown('http://host:8042/')).toBe('http://host:8042/');
  });

  it('knows the ports that need not be written', () => {
    expect(endpointOf({ url: 'http://host' }).port).toBe(80);
    expect(endpointOf({ url: 'https://host' }).port).toBe(443);
  });

  it('reaches an IPv6 address', () => {
    expect(endpointOf({ url: 'http://[::1]:8042' })).toMatchObject({ hostname: '::1', port: 8042 });
  });

  it('sends name and password as HTTP Basic, in UTF-8', () => {
    const { headers } = endpointOf({ url: 'http://host', user: 'doctor', password: 'gehéim' });
    const [scheme, coded] = headers['authorization']?.split(' ') ?? [];
    expect([scheme, Buffer.from(coded ?? '', 'base64').toString()]).toEqual(['Basic', 'doctor:gehéim']);
  });

  it('sends an API key instead of name and password', () => {
    const connection = { url: 'http://host', user: 'doctor', password: 'secret', apiKey: 'key' };
    expect(endpointOf(connection).headers).toEqual({ 'api-key': 'key' });
  });

  it('sends no half of a name and password', () => {
    expect(endpointOf({ url: 'http://host', user: 'doctor', password: '' }).headers).toEqual({});
  });

  it('adds any other header', () => {
    const headers = { 'X-Token': 'abc' };
    expect(endpointOf({ url: 'http://host', apiKey: 'key', headers }).headers).toEqual({
      'x-token': 'abc',
      'api-key': 'key',
    });
  });

  it('never shows credentials that stand in the address', () => {
    expect(shown('http://doctor:secret@host:8042/a')).toBe('http://host:8042/a/');
  });

  it.each(['host:8042', 'ftp://host', ''])('refuses "%s" as an address, without repeating it', (url) => {
    const refusal = (): unknown => {
      try {
        return endpointOf({ url });
      } catch (error) {
        return error;
      }
    };
    expect(refusal()).toMatchObject({ kind: 'configuration', code: 'ORTHANC_URL' });
  });
});
