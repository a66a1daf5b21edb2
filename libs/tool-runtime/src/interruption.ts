import { exitCodes } from '@orthanc-tools/failures';

export type StoppingSignal = 'SIGTERM' | 'SIGINT';

/** As much of `process` as is needed to be stopped by it. */
export interface SignalSource {
  on(signal: StoppingSignal, listener: (signal: StoppingSignal) => void): unknown;
  off(signal: StoppingSignal, listener: (signal: StoppingSignal) => void): unknown;
  exit(code: number): unknown;
}

export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

export interface InterruptionRequest {
  readonly source: SignalSource;
  readonly nowMs: () => number;
  readonly onFirst: (signal: StoppingSignal) => void;
}

// One Ctrl-C under npx, and one stop by timeout(1), reach the process twice: from the terminal and from the parent.
const echoMs = 1000;

/** The first SIGTERM or SIGINT aborts the signal, so that the run can finish what it has in hand; the next one ends the process at once. */
export function listenForInterruption({ source, nowMs, onFirst }: InterruptionRequest): Interruption {
  const controller = new AbortController();
  let firstAtMs: number | undefined;
  const listener = (signal: StoppingSignal) => {
    if (firstAtMs !== undefined) {
      if (nowMs() - firstAtMs >= echoMs) source.exit(exitCodes.interrupted);
      return;
    }
    firstAtMs = nowMs();
    controller.abort();
    onFirst(signal);
  };
  source.on('SIGTERM', listener);
  source.on('SIGINT', listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      source.off('SIGTERM', listener);
      source.off('SIGINT', listener);
    },
  };
}
