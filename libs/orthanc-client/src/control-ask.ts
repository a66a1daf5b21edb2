import type { AxiosResponse } from 'axios';
import { asFailure } from '@orthanc-tools/failures';
import { type Ask, type Question, callOf, contentOf, jsonOf } from './ask.ts';
import type { Progress } from './call.ts';
import { closeStale, learnKeepAlive } from './keep-alive.ts';
import { nameBrokenCall, timeLimitError } from './name-broken-call.ts';
import { nameRefusal } from './name-refusal.ts';
import { unlessJustClosed } from './unless-just-closed.ts';
import { readJson } from './unreadable-answer.ts';
import { type LazyWire, type Wire, agentFor } from './wire.ts';

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

/** As far as axios tells it. */
interface BrokenRequest {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly request?: { readonly reusedSocket?: unknown };
}

/** An error of axios holds the whole request, credentials included, which must not travel on as a cause. */
function withoutSecrets(error: unknown): unknown {
  const { code, syscall, request: sent } = error as BrokenRequest;
  const kept: BrokenRequest = { code, syscall, request: { reusedSocket: sent?.reusedSocket } };
  return Object.assign(new Error('the connection broke'), kept);
}

function progressOf(error: unknown): Progress {
  const { code, request: sent } = error as BrokenRequest;
  // Axios does not tell how far it came; EPROTO is what Node calls a handshake that failed.
  const isHandshake = code === 'EPROTO';
  return {
    isSent: !isHandshake,
    hasStartedSending: !isHandshake,
    isSocketReused: sent?.reusedSocket === true,
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
