import type { Facts, Logger, Metrics } from '@orthanc-tools/telemetry';

/**
 * What a tool tells of its own health. From it follow `/health/live` (the loop turns), `/health/ready` (the servers
 * answered lately) and `orthanc_tool_paused`.
 */
export interface Health {
  /** Spread into the settings of a work loop: its events are logged, its pauses and its turns are known here. */
  readonly listeners: LoopListeners;
  /** A server is away and is waited for, until this is disposed of. */
  awaitServer(): Disposable;
}

/** As much of a work loop's settings as tells how it is. */
export interface LoopListeners {
  /**
   * `tool.paused`, with `reason` either `schedule` or the code of a fault, and `tool.resumed`, by `schedule` or otherwise. The same
   * fault is a warning once, until the servers have answered.
   */
  onEvent(event: string, facts: Facts): void;
  /** The next turn comes within so many ms, if all is well; `Infinity`: there will be none. */
  onTurn(nextWithinMs: number): void;
}

/** The answers to those who ask from outside. */
export interface WatchedHealth extends Health {
  isLive(): boolean;
  isReady(): boolean;
}

export interface HealthRequest {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Shows beside the progress what is waited for; nothing any more with an empty text. */
  readonly note?: (text: string) => void;
  /** A run that ends takes no more work. */
  readonly signal: AbortSignal;
  /** Runs on whatever happens to the time of day. */
  readonly monotonicMs?: () => number;
}

/** So much may a turn be late on a busy machine. */
const graceMs = 30_000;

/** Not ready before the first turn: only then have the servers answered. */
export function watchHealth(request: HealthRequest): WatchedHealth {
  const { log, metrics, signal, note = () => undefined, monotonicMs = () => performance.now() } = request;
  let turnsUntilMs: number | undefined;
  const pauses = { isOutsideHours: false, isFaulty: false };
  let opensAt: unknown;
  let fault: unknown;
  /** Of this outage: while a server is away it is asked again and again, which is worth a line once. */
  const told = new Set<string>();
  const awaited = new Set<symbol>();

  function set(change: Partial<typeof pauses>): void {
    Object.assign(pauses, change);
    metrics.setPaused(pauses.isOutsideHours || pauses.isFaulty || awaited.size > 0);
    note(waitsFor());
  }
  function waitsFor(): string {
    if (pauses.isFaulty) return `paused: waiting for a server (${String(fault)})`;
    if (awaited.size > 0) return 'paused: waiting for a server';
    if (!pauses.isOutsideHours) return '';
    return `paused: outside the hours${opensAt === undefined ? '' : `, until ${String(opensAt)}`}`;
  }
  function levelOf(event: string, { reason, message }: Facts): 'debug' | 'info' | 'warn' {
    if (event === 'tool.resumed' && reason !== 'schedule') told.clear();
    if (event !== 'tool.paused' || reason === 'schedule') return 'info';
    const what = `${String(reason)} ${String(message)}`;
    const isTold = told.has(what);
    told.add(what);
    return isTold ? 'debug' : 'warn';
  }
  return {
    listeners: {
      onEvent(event, facts) {
        log[levelOf(event, facts)](event, facts);
        if (event !== 'tool.paused' && event !== 'tool.resumed') return;
        const isPaused = event === 'tool.paused';
        if (isPaused) [opensAt, fault] = [facts['opensAt'], facts['reason']];
        set(facts['reason'] === 'schedule' ? { isOutsideHours: isPaused } : { isFaulty: isPaused });
      },
      onTurn(nextWithinMs) {
        turnsUntilMs = monotonicMs() + nextWithinMs;
      },
    },
    awaitServer() {
      const server = Symbol('server');
      awaited.add(server);
      set({});
      return {
        [Symbol.dispose]() {
          awaited.delete(server);
          set({});
        },
      };
    },
    isLive: () => turnsUntilMs === undefined || monotonicMs() <= turnsUntilMs + graceMs,
    isReady: () => turnsUntilMs !== undefined && !pauses.isFaulty && awaited.size === 0 && !signal.aborted,
  };
}
