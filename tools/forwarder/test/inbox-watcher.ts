import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Eyes of its own on the inbox and its destinations: it talks plainly to their REST APIs, and uses nothing of the
 * forwarder or of what the forwarder is made of.
 */
export interface Watched {
  readonly inboxUrl: string;
  /** Of all that should have everything. */
  readonly destinationUrls: readonly string[];
  /** Chooses the moments. */
  readonly seed: number;
}

export interface Watching {
  /** Ends the watching with a last look, of the content too: what was gone without being everywhere, at any time. */
  end(): Promise<{ readonly lost: readonly string[]; readonly looks: number }>;
  /** Resolves when it has looked so often, or has ended. */
  looked(times: number): Promise<void>;
}

const longestPauseMs = 400;

export async function watchInbox({ inboxUrl, destinationUrls, seed }: Watched): Promise<Watching> {
  const original = new Map<string, string>();
  for (const id of await idsAt(inboxUrl)) original.set(id, await md5At(inboxUrl, id));
  const ending = new AbortController();
  const lost = new Set<string>();
  let looks = 0;
  /** The inbox first: what is gone there by now must have been everywhere before. */
  const look = async () => {
    const here = new Set(await idsAt(inboxUrl));
    for (const url of destinationUrls) {
      const there = new Set(await idsAt(url));
      for (const id of original.keys()) if (!here.has(id) && !there.has(id)) lost.add(`${id} at ${url}`);
    }
    looks += 1;
  };
  const watching = (async () => {
    for (let state = seed; !ending.signal.aborted;) {
      await look();
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      await delay((state / 2 ** 32) * longestPauseMs, undefined, { signal: ending.signal }).catch(
        () => 'ended',
      );
    }
  })();
  return {
    looked: async (times) => {
      while (looks < times && !ending.signal.aborted) await Promise.race([delay(20), watching]);
    },
    end: async () => {
      ending.abort();
      await watching;
      await look();
      const here = new Set(await idsAt(inboxUrl));
      for (const url of destinationUrls) {
        const there = new Set(await idsAt(url));
        for (const [id, md5] of original)
          if (!here.has(id) && there.has(id) && (await md5At(url, id)) !== md5)
            lost.add(`content of ${id} at ${url}`);
      }
      return { lost: [...lost], looks };
    },
  };
}

async function idsAt(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/instances`);
  if (!answer.ok) throw new Error(`${url} answered ${String(answer.status)}`);
  return (await answer.json()) as string[];
}

/** Of the picture: what travels by DICOM is encoded anew around it. */
async function md5At(url: string, id: string): Promise<string> {
  const answer = await fetch(`${url}/instances/${id}/frames/0/raw`);
  if (!answer.ok) throw new Error(`${url} answered ${String(answer.status)}`);
  return createHash('md5')
    .update(new Uint8Array(await answer.arrayBuffer()))
    .digest('hex');
}
