import type { AxiosResponse } from 'axios';
import { asFailure } from '@orthanc-tools/failures';
import type { Call, Effect, Progress } from './call.ts';
import { closeStale, learnKeepAlive } from './keep-alive.ts';
import { nameBrokenCall, timeLimitError } from './name-broken-call.ts';
import { nameRefusal } from './name-refusal.ts';
import { type BulkCall, openAnswer } from './open-answer.ts';
import { isPlainAnswer } from './plain-head.ts';
import type { PlainCall } from './plain-sockets.ts';
import { textOf } from './plain-files.ts';
import { accepted, readText } from './read-answer.ts';
import { isHarmlessTwice, unlessJustClosed } from './unless-just-closed.ts';
import { readJson } from './unreadable-answer.ts';
import { type LazyWire, type Wire, agentFor } from './wire.ts';

/** A call with a small JSON answer. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash. */
  readonly path: string;
  /** The route as messages show it, when the path holds more than identifiers. */
  readonly route?: string;
  /** Sent as JSON; a text and bytes are sent as they are. */
  readonly content?: unknown;
  /** What the call leaves behind when its answer is lost; nothing by default. */
  readonly effect?: Effect;
  readonly signal?: AbortSignal | undefined;
  /** For the whole call, in ms; the connection's own limit by default. */
  readonly limit?: number | undefined;
  /** See `Call`. */
  readonly isFixedRoute?: boolean;
  /** See `Call`. */
  readonly destination?: string | undefined;
  /** See `Call`. */
  readonly isQuery?: boolean;
  /** See `Call`. */
  readonly isOnNewConnection?: boolean;
  /** The answer is a plain text, not JSON. */
  readonly isPlainText?: boolean;
}

/**
 * Asks, and gives the answer through a parser. Throws named failures only, and never asks again because of one. A question
 * that leaves nothing behind may be put once more where a server suddenly answers in another form than before, or had
 * just closed the connection.
 */
export type Ask = <T>(question: Question, parse: (value: unknown) => T) => Promise<T>;

function callOf(question: Question): Call {
  const { method, path, route, effect = 'nothing', destination } = question;
  const { isFixedRoute = false, isOnNewConnection = false, isQuery = false } = question;
  const what = `${method} ${route ?? path.split('?', 1)[0] ?? ''}`;
  return { what, effect, isFixedRoute, destination, isOnNewConnection, isQuery };
}

interface Content {
  readonly bytes: Buffer | undefined;
  readonly headers: Readonly<Record<string, string | number>>;
}

function contentOf({ content, method }: Question): Content {
  if (content === undefined)
    return { bytes: undefined, headers: method === 'GET' ? {} : { 'content-length': 0 } };
  if (content instanceof Uint8Array) return typed('application/octet-stream', Buffer.from(content));
  if (typeof content === 'string') return typed('text/plain', Buffer.from(content));
  return typed('application/json', Buffer.from(JSON.stringify(content)));
}

function typed(type: string, bytes: Buffer): Content {
  return { bytes, headers: { 'content-type': type, 'content-length': bytes.length } };
}

const jsonOf = (answer: string, { isPlainText = false }: Question): string =>
  isPlainText ? JSON.stringify(answer) : answer;

/** For questions that come with every study: the same as a control call at a third of its CPU time. */
export function leanAsk(wire: LazyWire): Ask {
  const server = wire.endpoint.shown;
  /** Whether this server's last answer had a form that is read right from the socket. */
  let answersPlainly = false;
  const askWhole = async (call: BulkCall): Promise<string> => {
    const answer = await openAnswer(await wire.ready(), call);
    answersPlainly = isPlainAnswer(answer.response);
    return readText(await accepted(answer, server));
  };
  return async (question, parse) => {
    const { method, path, signal } = question;
    const { bytes, headers } = contentOf(question);
    const call = { ...callOf(question), method, path, signal };
    const answer = await unlessJustClosed(call, async (asked) => {
      // Where the answer has come in another form, it is asked once more.
      const isPlain = answersPlainly && isHarmlessTwice(asked) && !asked.isOnNewConnection;
      const text = isPlain
        ? await askPlainly(await wire.ready(), { ...asked, headers, body: bytes })
        : undefined;
      const whole = { ...asked, headers: { ...wire.endpoint.headers, ...headers }, body: bytes };
      return text ?? (await askWhole(whole));
    });
    return readJson(jsonOf(answer, question), parse, { server, call });
  };
}

/** Bytes: a longer answer is read as it comes. */
const longestPlain = 64 * 1024 * 1024;

type PlainQuestion = Call &
  Pick<Question, 'method' | 'path' | 'signal'> &
  Pick<PlainCall, 'headers'> & { readonly body: Buffer | undefined };

/** Asks right over a socket. Undefined where a whole HTTP client is to ask. */
async function askPlainly({ plain, endpoint }: Wire, call: PlainQuestion): Promise<string | undefined> {
  const { method } = call;
  if (method !== 'GET' && method !== 'POST') return undefined;
  const body = call.body === undefined ? [] : [call.body];
  const answer = await plain?.exchange({ ...call, method, body, cap: longestPlain });
  if (answer === undefined || answer === 'other' || answer === 'large') return undefined;
  return textOf(answer, { server: endpoint.shown, call });
}

function rootOf({ endpoint: { protocol, hostname, port, prefix } }: Wire): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return `${protocol}//${host}:${String(port)}${prefix}`;
}

async function request(wire: Wire, question: Question): Promise<AxiosResponse<string>> {
  const { default: axios } = await import('axios');
  const { bytes, headers } = contentOf(question);
  const { limits } = wire.endpoint;
  const expiry = AbortSignal.timeout(question.limit ?? limits.overall);
  closeStale(wire.agent);
  const agent = agentFor(wire, question);
  try {
    return await axios.request<string>({
      adapter: 'http',
      httpAgent: agent,
      httpsAgent: agent,
      method: question.method,
      url: rootOf(wire) + question.path,
      data: bytes,
      headers: { ...wire.endpoint.headers, ...headers, accept: 'application/json' },
      responseType: 'text',
      transformRequest: (data: unknown) => data,
      transformResponse: (data: unknown) => data,
      validateStatus: () => true,
      maxRedirects: 0,
      proxy: false,
      timeout: limits.idle,
      signal: question.signal ? AbortSignal.any([question.signal, expiry]) : expiry,
    });
  } catch (error) {
    throw expiry.aborted && !question.signal?.aborted ? timeLimitError('overall') : withoutSecrets(error);
  }
}

/** An error of axios holds the whole request, credentials included, which must not travel on as a cause. */
function withoutSecrets(error: unknown): unknown {
  const {
    code,
    syscall,
    request: sent,
  } = error as {
    code?: unknown;
    syscall?: unknown;
    request?: { reusedSocket?: unknown };
  };
  const isSocketReused = sent?.reusedSocket === true;
  return Object.assign(new Error('the connection broke'), { code, syscall, isSocketReused });
}

function progressOf(error: unknown): Progress {
  const { code, isSocketReused } = error as { code?: unknown; isSocketReused?: unknown };
  // Axios does not tell how far it came; EPROTO is what Node calls a handshake that failed.
  const isHandshake = code === 'EPROTO';
  return {
    isSent: !isHandshake,
    hasStartedSending: !isHandshake,
    isSocketReused: isSocketReused === true,
  };
}

/** For all other questions, through axios. */
export function controlAsk(wire: LazyWire): Ask {
  const server = wire.endpoint.shown;
  return async (question, parse) => {
    const call = callOf(question);
    question.signal?.throwIfAborted();
    const ready = await wire.ready();
    const answer = await unlessJustClosed(call, (asked) =>
      request(ready, { ...question, isOnNewConnection: asked.isOnNewConnection === true }).catch(
        (error: unknown) => {
          question.signal?.throwIfAborted();
          throw asFailure(error) ?? nameBrokenCall(error, { server, call, progress: progressOf(error) });
        },
      ),
    );
    const { status, data } = answer;
    const answerHeaders = answer.headers as Readonly<Record<string, string | undefined>>;
    learnKeepAlive(ready.agent, answerHeaders);
    if (status >= 200 && status < 300) {
      return readJson(jsonOf(data, question), parse, { server, call });
    }
    throw nameRefusal({ status, headers: answerHeaders, body: data }, { server, call });
  };
}
