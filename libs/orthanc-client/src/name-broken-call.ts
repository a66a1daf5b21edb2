import { ambiguousFailure, configurationError, transientFailure } from '@orthanc-tools/failures';
import type { Failure, FailureFacts } from '@orthanc-tools/failures';
import type { Call, Progress } from './call.ts';

interface SystemError {
  readonly code: string;
  readonly syscall: string;
}

/** What our own time limits destroy a socket with. */
export const timeLimitCodes = {
  connect: 'CONNECT_TIME_LIMIT',
  idle: 'IDLE_TIME_LIMIT',
  overall: 'TIME_LIMIT',
};

/** An error that carries the code of the time limit which ran out. */
export function timeLimitError(limit: keyof typeof timeLimitCodes): Error {
  return Object.assign(new Error(`time limit "${limit}" ran out`), { code: timeLimitCodes[limit] });
}

// A host that dies under a connection that stood (EHOSTUNREACH and its like while reading) is not among them.
const neverConnected = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL'],
  timeLimitCodes.connect,
]);

const certificateFaults = /^(CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_)/;

/** What two sides cannot agree on, in OpenSSL's words; any other trouble of TLS may pass, as when a proxy is reloaded. */
const disagreements =
  /^ERR_SSL_.*(WRONG_VERSION|PROTOCOL|PACKET_LENGTH|HTTP_REQUEST|CIPHER|HANDSHAKE_FAILURE|CERTIFICATE|UNKNOWN_CA|KEY_TOO_SMALL|ACCESS_DENIED)/;

function isTlsFault(code: string, { hasStartedSending }: Progress): boolean {
  return (
    certificateFaults.test(code) ||
    disagreements.test(code) ||
    // Older names: before anything was sent it is the handshake that failed.
    (code === 'EPROTO' && !hasStartedSending)
  );
}

function systemError(error: unknown): SystemError {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  return { code: typeof code === 'string' ? code : '', syscall: typeof syscall === 'string' ? syscall : '' };
}

const timeLimits = new Set<string>([
  timeLimitCodes.idle,
  timeLimitCodes.overall,
  'ETIMEDOUT',
  'ECONNABORTED',
]);

/** Whether the server may have kept something of what was sent. */
export function mayHaveStored(call: Call, progress: Progress): boolean {
  if (call.effect === 'nothing') return false;
  return call.effect === 'whole' ? progress.isSent : progress.hasStartedSending;
}

function unreachable(server: string, facts: FailureFacts, cause: unknown): Failure {
  const message = `Orthanc at ${server} cannot be reached (${String(facts['system'])})`;
  return transientFailure('ORTHANC_UNREACHABLE', message, { scope: 'run', facts, cause });
}

function tlsFault(server: string, facts: FailureFacts, cause: unknown): Failure {
  const message = `No trusted connection to Orthanc at ${server} (${String(facts['system'])}): look at the certificates on both sides`;
  return configurationError('ORTHANC_TLS', message, { facts, cause });
}

/** Names what ended a call before its answer was read completely. */
export function nameBrokenCall(
  error: unknown,
  { server, call, progress }: { server: string; call: Call; progress: Progress },
): Failure {
  const { code, syscall } = systemError(error);
  const facts = { call: call.what, system: code, server, reusedConnection: progress.isSocketReused };
  if (neverConnected.has(code) || syscall === 'connect' || syscall === 'getaddrinfo')
    return unreachable(server, facts, error);
  if (isTlsFault(code, progress)) return tlsFault(server, facts, error);
  const hadTime = !timeLimits.has(code);
  const end = hadTime ? 'the connection broke' : 'no answer came in time';
  if (mayHaveStored(call, progress)) {
    const message = `Orthanc at ${server} may or may not have carried out ${call.what}: ${end}`;
    return ambiguousFailure('ORTHANC_NO_ANSWER', message, { facts, cause: error });
  }
  const message = `Orthanc at ${server} did not finish ${call.what}: ${end}`;
  const name = hadTime ? 'ORTHANC_CONNECTION_LOST' : 'ORTHANC_NO_ANSWER';
  return transientFailure(name, message, { facts, cause: error });
}
