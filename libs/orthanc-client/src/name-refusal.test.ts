import { describe, expect, it } from '@jest/globals';
import type { Effect } from './call.ts';
import { nameRefusal } from './name-refusal.ts';

const server = 'http://host:8042/';
const named = (status: number, { effect = 'nothing' as Effect, body = '', headers = {} } = {}) =>
  nameRefusal({ status, headers, body }, { server, call: { what: 'POST /instances', effect } });
const orthancSays = (status: number, error: string) =>
  JSON.stringify({ OrthancStatus: status, OrthancError: error, Details: 'Doe^John', Message: error });

describe('nameRefusal', () => {
  it.each([
    [400, 'permanent', 'ORTHANC_REFUSED', 'item'],
    [401, 'configuration', 'ORTHANC_UNAUTHORIZED', 'run'],
    [403, 'configuration', 'ORTHANC_UNAUTHORIZED', 'run'],
    [404, 'permanent', 'ORTHANC_NOT_FOUND', 'item'],
    [407, 'configuration', 'PROXY_UNAUTHORIZED', 'run'],
    [408, 'transient', 'ORTHANC_BUSY', 'item'],
    [409, 'transient', 'ORTHANC_CONFLICT', 'item'],
    [413, 'permanent', 'ORTHANC_TOO_LARGE', 'item'],
    [429, 'transient', 'ORTHANC_BUSY', 'item'],
    [500, 'transient', 'ORTHANC_SERVER_ERROR', 'item'],
    [502, 'transient', 'ORTHANC_SERVER_ERROR', 'item'],
    [503, 'transient', 'ORTHANC_BUSY', 'item'],
    [504, 'transient', 'ORTHANC_SERVER_ERROR', 'item'],
    [507, 'transient', 'ORTHANC_STORAGE_FULL', 'run'],
  ])('names %d as %s %s of scope %s', (status, kind, code, scope) => {
    expect(named(status)).toMatchObject({ kind, code, scope, facts: { status, server } });
  });

  it.each([500, 502, 504])(
    'leaves open whether anything was stored when an upload is answered with %d',
    (status) => {
      expect(named(status, { effect: 'whole' }).kind).toBe('ambiguous');
      expect(named(status, { effect: 'pieces' }).kind).toBe('ambiguous');
    },
  );

  it('knows that a busy server has taken nothing', () => {
    expect(named(503, { effect: 'whole' }).kind).toBe('transient');
  });

  it("knows what is no DICOM file by Orthanc's own word only", () => {
    expect(named(400, { body: orthancSays(15, 'Bad file format') }).code).toBe('INSTANCE_NOT_DICOM');
    expect(named(400, { body: 'Bad file format' }).code).toBe('ORTHANC_REFUSED');
  });

  it('tells an Orthanc that does not find something from a proxy that says 404', () => {
    expect(named(404, { body: orthancSays(17, 'Unknown resource') }).facts).toMatchObject({
      isOrthancAnswer: true,
      orthancStatus: 17,
    });
    expect(named(404, { body: '<html>not found</html>' }).facts).toMatchObject({ isOrthancAnswer: false });
    expect(named(404).facts).toMatchObject({ isOrthancAnswer: false });
  });

  it('believes no Orthanc that does not know what every Orthanc has', () => {
    const call = { what: 'POST /tools/find', effect: 'nothing', isFixedRoute: true } as const;
    expect(nameRefusal({ status: 404, headers: {}, body: '' }, { server, call })).toMatchObject({
      kind: 'configuration',
      code: 'ORTHANC_ANSWERS_NOT_FOUND',
      scope: 'run',
    });
  });

  it('passes on for how long the server wants to be left alone', () => {
    expect(named(503, { headers: { 'retry-after': '7' } }).retryAfterMs).toBe(7000);
    const soon = new Date(Date.now() + 60_000).toUTCString();
    const wait = named(429, { headers: { 'retry-after': soon } }).retryAfterMs;
    expect(wait).toBeGreaterThan(55_000);
    expect(wait).toBeLessThanOrEqual(60_000);
    expect(named(503, { headers: { 'retry-after': 'soon' } }).retryAfterMs).toBeUndefined();
    expect(named(503).retryAfterMs).toBeUndefined();
  });

  it('tells where a redirection leads, by host only', () => {
    const location = 'https://doctor:secret@login.example/deep?token=abc';
    const failure = named(302, { headers: { location } });
    expect(failure).toMatchObject({ kind: 'configuration', code: 'ORTHANC_REDIRECTS' });
    expect(failure.message).toContain('https://login.example');
    expect(JSON.stringify([failure.message, failure.facts])).not.toMatch(/secret|token|deep/);
  });

  it('takes no file that misses something for a wrong address', () => {
    const store = { what: 'POST /instances', isFixedRoute: true, effect: 'whole' } as const;
    const refusal = { status: 404, headers: {}, body: orthancSays(6, 'Inexistent tag') };
    const failure = nameRefusal(refusal, { server: 'http://orthanc/', call: store });
    expect(failure).toMatchObject({ kind: 'permanent', code: 'ORTHANC_REFUSED', scope: 'item' });
    const unknown = { ...refusal, body: orthancSays(17, 'Unknown resource') };
    expect(nameRefusal(unknown, { server: 'http://orthanc/', call: store })).toMatchObject({
      kind: 'configuration',
      code: 'ORTHANC_ANSWERS_NOT_FOUND',
    });
  });

  it("repeats Orthanc's fixed error text, never its details", () => {
    const failure = named(400, { body: orthancSays(8, 'Bad request') });
    expect(failure.message).toContain('Bad request');
    expect(JSON.stringify([failure.message, failure.facts])).not.toContain('Doe');
  });
});
