import type { IncomingHttpHeaders } from 'node:http';
import { seededRandom } from './seeded-random.ts';

/** A request as a fault may choose it. */
export interface SeenRequest {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What happens to a request that a fault has chosen. */
export type FaultEffect =
  /** The proxy answers itself; the target never hears of it. The request's body is read first. */
  | {
      readonly effect: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** The connections on both sides break after so many bytes of the request's body. */
  | { readonly effect: 'cut-request'; readonly afterBytes: number }
  /** The client's connection breaks after so many bytes of the answer's body. */
  | { readonly effect: 'cut-answer'; readonly afterBytes: number }
  /** The target carries the request out, but the connection breaks before its answer arrives. */
  | { readonly effect: 'lose-answer' }
  /** The request is read and never answered. */
  | { readonly effect: 'hang' }
  /** The target hears of the request when the promise is kept, and not before. */
  | { readonly effect: 'hold'; readonly until: Promise<unknown> };

export type RequestFault = FaultEffect & {
  /** Which requests may be hit; all, if missing. */
  readonly matching?: (request: SeenRequest) => boolean;
  /** Share of the matching requests that are hit, 0 to 1; 1, if missing. The first is hit whatever the share, but for 0: few may come. */
  readonly rate?: number;
  /** Ends by itself after so many hits. */
  readonly times?: number;
};

export interface FaultList {
  /** Returns what takes this fault away again. */
  add(fault: RequestFault): () => void;
  clear(): void;
  /** The first fault that hits this request. */
  choose(request: SeenRequest): FaultEffect | undefined;
}

export function createFaultList(seed: number): FaultList {
  const random = seededRandom(seed);
  const faults = new Map<symbol, { fault: RequestFault; hits: number }>();
  return {
    add(fault) {
      const key = Symbol(fault.effect);
      faults.set(key, { fault, hits: 0 });
      return () => void faults.delete(key);
    },
    clear: () => {
      faults.clear();
    },
    choose(request) {
      for (const entry of faults.values()) {
        const { fault, hits } = entry;
        if (hits >= (fault.times ?? Infinity)) continue;
        if (fault.matching !== undefined && !fault.matching(request)) continue;
        const { rate = 1 } = fault;
        const isDrawn = random() < rate;
        if (!isDrawn && (hits > 0 || rate === 0)) continue;
        entry.hits += 1;
        return fault;
      }
      return undefined;
    },
  };
}
