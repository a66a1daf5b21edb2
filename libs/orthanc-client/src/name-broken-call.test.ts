import { describe, expect, it } from '@jest/globals';
import type { Effect, Progress } from './call.ts';
import { nameBrokenCall, timeLimitError } from './name-broken-call.ts';

const failing = (code: string, syscall?: string) => Object.assign(new Error('x'), { code, syscall });
const named = (error: unknown, effect: Effect = 'nothing', progress: Partial<Progress> = {}) =>
  nameBrokenCall(error, {
    server: 'http://host/',
    call: { what: 'POST /instances', effect },
    progress: { isSent: false, hasStartedSending: false, isSocketReused: false, ...progress },
  });
const sent = { isSent: true, hasStartedSending: true };

describe('nameBrokenCall', () => {
  it.each([
    ['ECONNREFUSED', 'connect'],
    ['ENOTFOUND', 'getaddrinfo'],
    ['EAI_AGAIN', 'getaddrinfo'],
    ['EHOSTUNREACH', 'connect'],
    ['ENETUNREACH', 'connect'],
  ])('takes %s for a server that is away, whatever was to be stored', (code, syscall) => {
    for (const effect of ['nothing', 'whole', 'pieces'] as const)
      expect(named(failing(code, syscall), effect, sent)).toMatchObject({
        kind: 'transient',
        code: 'ORTHANC_UNREACHABLE',
        scope: 'run',
      });
  });

  it('takes a connection that does not come to stand for a server that is away', () => {
    expect(named(timeLimitError('connect')).code).toBe('ORTHANC_UNREACHABLE');
    expect(named(failing('ETIMEDOUT', 'connect')).code).toBe('ORTHANC_UNREACHABLE');
  });

  it('leaves open what came of an upload when its host dies', () => {
    expect(named(failing('EHOSTUNREACH', 'read'), 'whole', sent)).toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_NO_ANSWER',
      scope: 'item',
    });
  });

  it.each(['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'EPROTO'])(
    'takes %s in the middle for a connection that broke',
    (code) => {
      expect(named(failing(code), 'whole', sent).kind).toBe('ambiguous');
      expect(named(failing(code), 'nothing', sent).kind).toBe('transient');
    },
  );

  it('takes a handshake that fails for a fault of the configuration', () => {
    expect(named(failing('EPROTO'))).toMatchObject({ kind: 'configuration', code: 'ORTHANC_TLS' });
  });

  it.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  ])('takes %s for a fault of the configuration', (code) => {
    expect(named(failing(code), 'whole', sent)).toMatchObject({
      kind: 'configuration',
      code: 'ORTHANC_TLS',
      scope: 'run',
    });
  });

  it('lets a question be asked again, however far it came', () => {
    expect(named(failing('ECONNRESET'), 'nothing', sent)).toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_CONNECTION_LOST',
      scope: 'item',
    });
    expect(named(timeLimitError('idle'), 'nothing', sent)).toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_NO_ANSWER',
    });
  });

  it('knows that an upload which was not sent to its end stored nothing', () => {
    expect(named(failing('EPIPE'), 'whole', { hasStartedSending: true })).toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_CONNECTION_LOST',
    });
  });

  it('leaves open what came of an upload that was sent', () => {
    for (const error of [failing('ECONNRESET'), timeLimitError('idle'), new Error('other')])
      expect(named(error, 'whole', sent)).toMatchObject({ kind: 'ambiguous', code: 'ORTHANC_NO_ANSWER' });
  });

  it('leaves open what came of an upload that is stored piece by piece, once it was begun', () => {
    expect(named(failing('EPIPE'), 'pieces', { hasStartedSending: true }).kind).toBe('ambiguous');
    expect(named(failing('EPIPE'), 'pieces').kind).toBe('transient');
  });

  it('tells that the connection had been used before', () => {
    expect(named(failing('ECONNRESET'), 'nothing', { isSocketReused: true }).facts).toMatchObject({
      reusedConnection: true,
      system: 'ECONNRESET',
    });
  });
});
