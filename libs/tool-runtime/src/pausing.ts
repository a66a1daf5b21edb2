/** Whether somebody has asked a run to rest. */
export interface Pausing {
  readonly isOn: boolean;
  /** Calls back after each change, until what it gives is disposed of. */
  onChange(listener: () => void): Disposable;
}

export type PausingSignal = 'SIGUSR2' | 'SIGCONT';

/** As much of `process` as is needed to be paused by it. */
export interface PausingSource {
  on(signal: PausingSignal, listener: () => void): unknown;
  off(signal: PausingSignal, listener: () => void): unknown;
}

export interface ListeningPausing extends Pausing, Disposable {}

/** A run that nobody can pause. */
export const neverPaused: Pausing = { isOn: false, onChange: () => ({ [Symbol.dispose]: () => undefined }) };

/**
 * SIGUSR2 asks a run to rest, SIGCONT to go on; each may come several times. Not SIGSTOP, after which nothing in hand
 * could be finished, and not SIGUSR1, by which Node opens its debugger.
 */
export function listenForPausing(
  source: PausingSource,
  tell: (isOn: boolean) => void = () => undefined,
): ListeningPausing {
  const listeners = new Set<() => void>();
  let isOn = false;
  const turn = (wanted: boolean) => () => {
    if (wanted === isOn) return;
    isOn = wanted;
    tell(isOn);
    for (const listener of listeners) listener();
  };
  const [pause, resume] = [turn(true), turn(false)];
  source.on('SIGUSR2', pause);
  source.on('SIGCONT', resume);
  return {
    get isOn() {
      return isOn;
    },
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.dispose]() {
      source.off('SIGUSR2', pause);
      source.off('SIGCONT', resume);
    },
  };
}
