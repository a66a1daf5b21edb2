/** How far a run has come. Counts include what earlier runs have done; the rate counts from the first update on. */
export interface ProgressState {
  readonly doneItems: number;
  readonly totalItems?: number;
  readonly doneParts: number;
  readonly totalParts?: number;
  readonly doneBytes: number;
  readonly totalBytes?: number;
  readonly setAside: number;
  /** What the tool is doing or waiting for. */
  readonly note?: string;
}

/** Shows how far a run has come: a live line on a terminal, otherwise a log line `run.progress` now and then. */
export interface Progress {
  update(state: ProgressState): void;
  /** What the tool waits for, until the next note or an empty one. */
  note(text: string): void;
  /** Removes the live line; later updates show nothing. */
  stop(): void;
}
