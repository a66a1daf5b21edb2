import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: readonly Uint8Array[];
}

export interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly chunks: readonly Buffer[];
}

/** The leanest client that Node offers, so that what the tools are compared with is not held back by its HTTP. */
export interface HttpLane extends Disposable {
  /** @throws Error when the answer is anything but 200 */
  send(call: Call): Promise<Answer>;
}

// Orthanc announces that it closes a connection after one idle second. Node's agent subtracts a whole second from that
// and so would keep no connection at all, which would make the measured limit lower than it is.
const reusableForMs = 500;

/** The signal breaks what is under way. */
export function openHttpLane(baseUrl: string, signal: AbortSignal): HttpLane {
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo' });
  agent.keepSocketAlive = ((socket: Duplex & { setTimeout(ms: number): unknown }) => {
    socket.setTimeout(reusableForMs);
    return true;
  }) as (socket: Duplex) => boolean;
  const close = (): void => {
    agent.destroy();
  };
  signal.addEventListener('abort', close);
  return {
    send: (call) => exchange(new URL(call.path, baseUrl), agent, call),
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', close);
      close();
    },
  };
}

function exchange(
  url: URL,
  agent: Agent,
  { method = 'GET', path, headers, body = [] }: Call,
): Promise<Answer> {
  const bytes = body.reduce((sum, { length }) => sum + length, 0);
  const length = method === 'GET' ? {} : { 'content-length': bytes };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: { ...headers, ...length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve({ headers: answer.headers, chunks });
        else
          reject(
            new Error(`${method} ${path} was answered ${String(answer.statusCode)}: ${excerpt(chunks)}`),
          );
      });
    });
    sent.on('error', reject);
    for (const chunk of body) sent.write(chunk);
    sent.end();
  });
}

const excerpt = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8', 0, 300);
