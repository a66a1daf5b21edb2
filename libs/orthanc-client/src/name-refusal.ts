import {
  ambiguousFailure,
  configurationError,
  permanentFailure,
  transientFailure,
} from '@orthanc-tools/failures';
import type { Failure, FailureDetails, FailureFacts } from '@orthanc-tools/failures';
import type { Call } from './call.ts';
import {
  isDestinationTrouble,
  nameDestinationTrouble,
  unknownDestination,
} from './name-destination-trouble.ts';

/** An answer that is not the one hoped for. `body` is its beginning, as text. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

interface OrthancError {
  readonly status: number;
  /** From Orthanc's fixed list of error texts. */
  readonly text: string;
  /** May hold patient data: only to be understood, never to be shown. */
  readonly details: string;
}

/** Orthanc's own error object, which no proxy writes. */
function orthancErrorIn(body: string): OrthancError | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { OrthancStatus: status, OrthancError: text, Details: details } = value as Record<string, unknown>;
  if (typeof status !== 'number') return undefined;
  return {
    status,
    text: typeof text === 'string' ? text.replace(/[^\w ,'()/-]/g, '').slice(0, 80) : '',
    details: typeof details === 'string' ? details : '',
  };
}

function retryAfter(header: unknown): number | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function hostOf(location: unknown, server: string): string {
  const url = typeof location === 'string' && URL.canParse(location) ? new URL(location) : undefined;
  return url ? `${url.protocol}//${url.host}` : server;
}

type Name = (say: string, details: FailureDetails) => Failure;

const is =
  (make: typeof configurationError, code: string, scope?: 'run'): Name =>
  (say, details) =>
    make(code, say, scope ? { ...details, scope } : details);

const badFileFormat = 15;
const unknownResource = 17;

/** Whether nothing answers to a route that every Orthanc has. One that knows the route may miss something in what was sent. */
const isOnNoOrthanc = (call: Call, error: OrthancError | undefined): boolean =>
  call.isFixedRoute === true && (error === undefined || error.status === unknownResource);

function nameFor(status: number, { call, error }: { call: Call; error: OrthancError | undefined }): Name {
  // What is stored piece by piece may have been stored in part when the refusal came.
  const notNow = call.effect === 'pieces' ? ambiguousFailure : transientFailure;
  switch (status) {
    case 401:
    case 403:
      return is(configurationError, 'ORTHANC_UNAUTHORIZED');
    case 407:
      return is(configurationError, 'PROXY_UNAUTHORIZED');
    case 404:
      if (isOnNoOrthanc(call, error)) return is(configurationError, 'ORTHANC_ANSWERS_NOT_FOUND');
      return is(permanentFailure, call.isFixedRoute ? 'ORTHANC_REFUSED' : 'ORTHANC_NOT_FOUND');
    case 409:
      return is(notNow, 'ORTHANC_CONFLICT');
    case 413:
      return is(permanentFailure, 'ORTHANC_TOO_LARGE');
    case 408:
    case 429:
    case 503:
      return is(notNow, 'ORTHANC_BUSY');
    case 507:
      return is(notNow, 'ORTHANC_STORAGE_FULL', 'run');
  }
  if (status >= 500)
    return is(call.effect === 'nothing' ? transientFailure : ambiguousFailure, 'ORTHANC_SERVER_ERROR');
  return is(permanentFailure, error?.status === badFileFormat ? 'INSTANCE_NOT_DICOM' : 'ORTHANC_REFUSED');
}

/** Orthanc answered on behalf of a destination; undefined where the error is Orthanc's own. */
function troubleOf(
  status: number,
  { call, error, facts }: { call: Call; error: OrthancError; facts: FailureFacts },
): Failure | undefined {
  const { destination, effect, isQuery } = call;
  if (destination === undefined) return undefined;
  if (status === 404) return unknownDestination(destination, facts);
  if (!isDestinationTrouble(error.status)) return undefined;
  const trouble = { orthancStatus: error.status, details: error.details, isQuery };
  return nameDestinationTrouble(trouble, {
    destination,
    loss: effect === 'nothing' ? 'nothing' : 'work',
    facts,
  });
}

/** Names an answer outside 2xx. */
export function nameRefusal(refusal: Refusal, { server, call }: { server: string; call: Call }): Failure {
  const { status, headers } = refusal;
  const error = orthancErrorIn(refusal.body);
  const facts = {
    call: call.what,
    server,
    status,
    isOrthancAnswer: error !== undefined,
    ...(error && { orthancStatus: error.status }),
  };
  if (status >= 300 && status < 400) {
    const target = hostOf(headers['location'], server);
    const message = `Orthanc at ${server} redirects to ${target}: give the final address`;
    return configurationError('ORTHANC_REDIRECTS', message, { facts });
  }
  const ofDestination = error && troubleOf(status, { call, error, facts });
  if (ofDestination) return ofDestination;
  const reason = error?.text ? ` (${error.text})` : '';
  const doubt =
    status === 404 && isOnNoOrthanc(call, error) ? ': a wrong address, or a proxy in between' : '';
  const message = `Orthanc at ${server} answered ${status} to ${call.what}${reason}${doubt}`;
  return nameFor(status, { call, error })(message, {
    facts,
    retryAfterMs: retryAfter(headers['retry-after']),
  });
}
