import { Agent as PlainAgent, createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Agent as TlsAgent, createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import { createProxyServer } from 'httpxy';
import type { ServerCertificates } from './certificates.ts';
import type { FaultEffect, FaultList } from './request-fault.ts';
import type { RequestLog } from './request-log.ts';

/** Credentials towards a target that speaks TLS; its own certificate is not checked. */
export interface TargetTls {
  readonly cert?: string;
  readonly key?: string;
}

export interface ServedTls {
  readonly certificates: ServerCertificates;
  readonly clientCertificates?: 'required';
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly answer: ServerResponse;
  readonly fault: FaultEffect | undefined;
}

interface FaultyHttpSetup {
  readonly target: URL;
  readonly tls: TargetTls;
  readonly serveTls: ServedTls | undefined;
  readonly faults: FaultList;
  readonly log: RequestLog;
}

/** An HTTP server that relays to the target and applies the faults that choose a request. */
export function createFaultyHttp(setup: FaultyHttpSetup): Server {
  const relay = createRelay(setup.target, setup.tls);
  const server = openServer(setup.serveTls, (request, answer) => {
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers };
    const fault = setup.faults.choose(seen);
    setup.log.follow(seen, answer, fault?.effect);
    if (fault?.effect === 'answer') answerInstead(request, answer, fault);
    else if (fault?.effect === 'hang') request.resume();
    else if (fault?.effect === 'hold') void fault.until.then(() => relay({ request, answer, fault }));
    else relay({ request, answer, fault });
  });
  // The target decides how long a connection may idle, not the proxy.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.on('connection', (socket: Socket) => socket.on('error', () => undefined));
  return server;
}

function openServer(tls: ServedTls | undefined, listener: RequestListener): Server {
  if (tls === undefined) return createServer(listener);
  const { server, authority } = tls.certificates;
  return createTlsServer(
    { ...server, ca: authority, requestCert: tls.clientCertificates === 'required' },
    listener,
  );
}

function answerInstead(
  request: IncomingMessage,
  answer: ServerResponse,
  fault: FaultEffect & { effect: 'answer' },
): void {
  const body = fault.body ?? '';
  request.on('end', () => {
    answer.writeHead(fault.status, { 'content-length': Buffer.byteLength(body), ...fault.headers }).end(body);
  });
  request.resume();
}

function createRelay(target: URL, tls: TargetTls): (exchange: Exchange) => void {
  const proxy = createProxyServer({ target: target.href, secure: false, ssl: tls, selfHandleResponse: true });
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const agents = new WeakMap<Socket, PlainAgent>();
  const agentFor = (client: Socket): PlainAgent => {
    const agent = agents.get(client) ?? createAgent(target, client, tls);
    agents.set(client, agent);
    return agent;
  };
  proxy.on('proxyRes', (fromTarget, request, answer) => {
    const fault = exchanges.get(request)?.fault;
    if (fault?.effect === 'lose-answer') loseAnswer(fromTarget, answer);
    else if (fault?.effect === 'cut-answer') cutAnswer(fromTarget, answer, fault.afterBytes);
    else passAnswer(fromTarget, answer);
  });
  // A broken target is shown to the client as it is: a broken connection.
  proxy.on('error', (_, request) => request?.socket.destroy());
  return (exchange) => {
    const { request, answer, fault } = exchange;
    exchanges.set(request, exchange);
    delete request.headers.expect;
    const buffer =
      fault?.effect === 'cut-request' ? request.pipe(cutAfter(fault.afterBytes, request)) : undefined;
    const options = { agent: agentFor(request.socket), ...(buffer === undefined ? {} : { buffer }) };
    proxy.web(request, answer, options).catch(() => request.socket.destroy());
  };
}

/** One connection to the target for each of the client's, so that an idle one closes on both sides alike. */
function createAgent(target: URL, client: Socket, tls: TargetTls): PlainAgent {
  const settings = { keepAlive: true, maxSockets: 1 };
  const agent =
    target.protocol === 'https:'
      ? new TlsAgent({ ...settings, ...tls, rejectUnauthorized: false })
      : new PlainAgent(settings);
  client.once('close', () => {
    agent.destroy();
  });
  return agent;
}

/** The head without what belongs to the connection between proxy and target. */
function writeHead(fromTarget: IncomingMessage, answer: ServerResponse): void {
  const headers = { ...fromTarget.headers };
  delete headers.connection;
  delete headers['keep-alive'];
  answer.writeHead(fromTarget.statusCode ?? 502, fromTarget.statusMessage, headers);
}

function passAnswer(fromTarget: IncomingMessage, answer: ServerResponse): void {
  writeHead(fromTarget, answer);
  fromTarget.pipe(answer);
  answer.on('close', () => fromTarget.destroy());
  fromTarget.on('close', () => {
    if (!fromTarget.complete) answer.destroy();
  });
  fromTarget.on('error', () => answer.destroy());
}

function loseAnswer(fromTarget: IncomingMessage, answer: ServerResponse): void {
  fromTarget.on('end', () => answer.destroy()).resume();
}

function cutAnswer(fromTarget: IncomingMessage, answer: ServerResponse, afterBytes: number): void {
  writeHead(fromTarget, answer);
  answer.flushHeaders();
  let left = afterBytes;
  fromTarget.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    answer.write(part, () => {
      if (left === 0) answer.socket?.destroy();
    });
  });
  fromTarget.on('end', () => answer.socket?.destroy());
}

function cutAfter(afterBytes: number, request: IncomingMessage): Transform {
  let left = afterBytes;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (left > 0) done(null, part);
      else {
        this.push(part);
        setImmediate(() => request.socket.destroy());
      }
    },
    flush: () => request.socket.destroy(),
  });
}
