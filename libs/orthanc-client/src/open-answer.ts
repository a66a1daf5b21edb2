import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { asFailure, ambiguousFailure } from '@orthanc-tools/failures';
import type { Call, RequestBody } from './call.ts';
import { mayHaveStored, nameBrokenCall, timeLimitError } from './name-broken-call.ts';
import { closeStale, learnKeepAlive } from './keep-alive.ts';
import { sendBody } from './send-body.ts';
import { type Wire, agentFor } from './wire.ts';

export interface BulkCall extends Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the prefix of the server; begins with a slash and is used as it is. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: RequestBody | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose headers have come; its bytes are still on their way. */
export interface OpenAnswer {
  readonly response: IncomingMessage;
  readonly call: BulkCall;
  /** Names an error that ends the reading. */
  nameBroken(error: unknown): unknown;
}

interface Exchange {
  readonly wire: Wire;
  readonly call: BulkCall;
  readonly request: ClientRequest;
  isSent: boolean;
  hasStartedSending: boolean;
  /** The side that feeds us is slow: not the fault of this server. */
  isWaitingForBody: boolean;
  response: IncomingMessage | undefined;
}

function start(wire: Wire, call: BulkCall): Exchange {
  closeStale(wire.agent);
  const { preset, endpoint } = wire;
  const options = {
    ...preset,
    agent: agentFor(wire, call),
    method: call.method,
    path: endpoint.prefix + call.path,
    headers: call.headers,
    ...(call.signal && { signal: call.signal }),
  };
  const request = endpoint.protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
  return {
    wire,
    call,
    request,
    isSent: false,
    hasStartedSending: false,
    isWaitingForBody: false,
    response: undefined,
  };
}

function nameBroken(exchange: Exchange, error: unknown): unknown {
  const { call, wire, request } = exchange;
  if (call.signal?.aborted) return call.signal.reason;
  if (asFailure(error)) return brokenBySupplier(exchange, error);
  const progress = {
    isSent: exchange.isSent,
    hasStartedSending: exchange.hasStartedSending,
    isSocketReused: request.reusedSocket && exchange.response === undefined,
  };
  return nameBrokenCall(error, { server: wire.endpoint.shown, call, progress });
}

/** The body itself could not be read to its end: nothing came of it, unless parts of it were stored as they came. */
function brokenBySupplier({ call, wire, hasStartedSending }: Exchange, cause: unknown): unknown {
  if (!mayHaveStored(call, { isSent: false, hasStartedSending, isSocketReused: false })) return cause;
  const message = `Orthanc at ${wire.endpoint.shown} was sent only a part of ${call.what}`;
  return ambiguousFailure('ORTHANC_NO_ANSWER', message, { cause, facts: { call: call.what } });
}

/** Silence counts against the server only while it is the server's turn. */
function onSilence(exchange: Exchange): void {
  const { request, response, wire } = exchange;
  const isReaderSlow = response !== undefined && (response.isPaused() || response.readableLength > 0);
  if (isReaderSlow || exchange.isWaitingForBody) request.setTimeout(wire.endpoint.limits.idle);
  else (response ?? request).destroy(timeLimitError(request.socket?.connecting ? 'connect' : 'idle'));
}

function supply(exchange: Exchange): void {
  const { call, request } = exchange;
  request.once('finish', () => {
    exchange.isSent = true;
  });
  const sending = sendBody(request, call.body, (isWaiting) => {
    exchange.isWaitingForBody = isWaiting;
    exchange.hasStartedSending ||= !isWaiting;
  });
  if (sending === undefined) exchange.hasStartedSending = true;
  sending?.catch((error: unknown) => request.destroy(error as Error));
}

/** Sends the request and waits for the headers of the answer. The status is not judged. */
export function openAnswer(wire: Wire, call: BulkCall): Promise<OpenAnswer> {
  call.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const exchange = start(wire, call);
    const { request } = exchange;
    request.on('timeout', () => onSilence(exchange));
    request.on('error', (error) => reject(nameBroken(exchange, error) as Error));
    request.once('response', (response) => {
      exchange.response = response;
      // Whoever reads the answer gets its error; an answer that nobody reads yet must not end the process.
      response.on('error', () => undefined);
      learnKeepAlive(wire.agent, response.headers);
      // An answer that comes before all was sent leaves the connection unfit for another request.
      if (!exchange.isSent) response.once('end', () => exchange.isSent || request.destroy());
      resolve({ response, call, nameBroken: (error) => nameBroken(exchange, error) });
    });
    supply(exchange);
  });
}
