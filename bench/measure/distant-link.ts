import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface DistantLink extends AsyncDisposable {
  /** To be used in place of the two servers' own. */
  readonly source: string;
  readonly destination: string;
}

const program = fileURLToPath(new URL('distant-link-process.ts', import.meta.url));

/** Puts both servers at a distance: every request to either takes the round trip longer, and nothing is slower but that. */
export async function openDistantLink(
  roundTripMs: number,
  servers: { source: string; destination: string },
): Promise<DistantLink> {
  const child = fork(program, [String(roundTripMs), servers.source, servers.destination], { execArgv: [] });
  const ended = once(child, 'exit');
  const answer = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  const [source, destination] = (answer?.[0] ?? []) as string[];
  if (source === undefined || destination === undefined)
    throw new Error('The process of the distant link has ended');
  return {
    source,
    destination,
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await ended;
    },
  };
}
