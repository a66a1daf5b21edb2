import type { ServerResponse } from 'node:http';
import type { FaultEffect, SeenRequest } from './request-fault.ts';

/** A request that came through the proxy. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** Of the answer that reached the client in full; undefined when none did, or not yet. */
  readonly status: number | undefined;
  /** The fault that hit it. */
  readonly fault: FaultEffect['effect'] | undefined;
}

export interface RequestLog {
  readonly entries: LoggedRequest[];
  faultCount(effect: FaultEffect['effect']): number;
  follow(request: SeenRequest, answer: ServerResponse, fault: FaultEffect['effect'] | undefined): void;
  forget(): void;
}

/** Enough for every test; beyond it a bench would only collect garbage. */
const greatestLength = 500_000;

export function createRequestLog(): RequestLog {
  const entries: LoggedRequest[] = [];
  const faultCounts = new Map<FaultEffect['effect'], number>();
  return {
    entries,
    faultCount: (effect) => faultCounts.get(effect) ?? 0,
    follow({ method, path }, answer, fault) {
      if (fault !== undefined) faultCounts.set(fault, (faultCounts.get(fault) ?? 0) + 1);
      if (entries.length >= greatestLength) return;
      const entry = { method, path, fault, status: undefined as number | undefined };
      entries.push(entry);
      answer.on('finish', () => {
        entry.status = answer.statusCode;
      });
    },
    forget() {
      entries.length = 0;
      faultCounts.clear();
    },
  };
}
