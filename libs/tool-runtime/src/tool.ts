import type { ExitCode, Finding } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger, Metrics, telemetryOptions } from '@orthanc-tools/telemetry';
import type { OptionTable, OptionsOf, RelaxedOptionsOf } from '@orthanc-tools/tool-options';
import type { Health } from './health.ts';
import type { Pausing } from './pausing.ts';
import type { Progress } from './progress.ts';
import type { runtimeOptions } from './runtime-options.ts';
import type { Noun } from './wording.ts';
import type { WorkView } from './work-view.ts';

/** The options that every tool's table must hold: it spreads `telemetryOptions` and `runtimeOptions`. */
export type RuntimeTable = typeof telemetryOptions & typeof runtimeOptions;

/** What a tool is given to work with. */
export interface RunContext {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Aborted when the run is to stop: finish what is in hand, begin nothing, return. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly health: Health;
  /** Whether somebody has asked the run to rest: begin nothing until it is asked to go on. */
  readonly pausing: Pausing;
  /** Where this user's tools keep what a restart needs, when no option names a place; it may not exist yet. */
  readonly stateFolder: string;
  /** Writes the report of what has ended, where one is wanted and the run itself goes on. Tells by itself when it cannot. */
  reportSoFar?(outcome: RunOutcome): Promise<unknown>;
}

/** How a run ended. */
export interface RunOutcome {
  readonly exitCode: ExitCode;
  /** Shown in the last line and in the report. */
  readonly summary: Readonly<Record<string, string | number | boolean>>;
  /** What somebody should look at after exit code 3, as a sentence, where that is not what was set aside. */
  readonly attention?: string;
  /** What was done, as a sentence, where exit code 0 would say too much: a dry run has not done everything. */
  readonly done?: string;
  /** Further fields of the report file, at its top level. What can be iterated over becomes a list. */
  readonly report?: object;
  /**
   * What ended the run before its time: told like one that `run` throws, and thrown to scripts, while summary and report
   * say what was done until then.
   */
  readonly failure?: unknown;
}

/** What a command of a tool's own is given. */
export interface CommandContext {
  /** What was given beside the options. */
  readonly words: readonly string[];
  /** Prints to standard output. */
  print(text: string): void;
  readonly clock: Clock;
  readonly stateFolder: string;
}

/** A command that one tool has beside `run`, `status`, `requeue` and `doctor`. */
export interface ToolCommand {
  readonly name: string;
  /** A sentence for the help page. */
  readonly summary: string;
  /** What may stand beside the options, for the help page: `MESSAGE…`; nothing may, when left out. */
  readonly words?: string;
  /** Beside those options of the tool that name this command among theirs. */
  readonly options: OptionTable;
  /** No option is demanded; the values are those of the command's and of the tool's options. */
  perform(values: Readonly<Record<string, unknown>>, context: CommandContext): Promise<ExitCode>;
}

/** A tool as the runtime sees it; its `main.ts` is `process.exitCode = await runTool(tool)`. */
export interface Tool<Table extends RuntimeTable = RuntimeTable> {
  readonly name: string;
  /** The word a user types, such as `orthanc-cloner`. */
  readonly command: string;
  readonly summary: string;
  readonly version: string;
  readonly options: Table;
  readonly examples: readonly string[];
  readonly notes?: readonly string[];
  /** With which it never ends: its help page does not list them. */
  readonly unusedExitCodes?: readonly ExitCode[];
  run(options: OptionsOf<Table>, context: RunContext): Promise<RunOutcome>;
  /** For `plan`: what a run would do, counted; changes nothing. */
  plan?(options: OptionsOf<Table>, context: RunContext): Promise<RunOutcome>;
  doctor?(options: OptionsOf<Table>, context: RunContext): Promise<readonly Finding[]>;
  /** Files that it reads or writes beside those that options name, and whose place no output must take. */
  ownFiles?(options: OptionsOf<Table>, context: Pick<RunContext, 'stateFolder'>): readonly string[];
  /** Refuses what may not be written at these places, before anything is: not even a report of the failure. */
  checkPlaces?(options: OptionsOf<Table>): Promise<void>;
  readonly commands?: readonly ToolCommand[];
  /** For `status` and `requeue`. */
  readonly work?: RecordOfWork<Table>;
}

/** A durable record of work, and the words in which a user counts it. */
export interface RecordOfWork<Table extends RuntimeTable = RuntimeTable> {
  readonly items: Noun;
  readonly parts: Noun;
  /** What it needs and misses among the options, it refuses itself. */
  open(
    options: RelaxedOptionsOf<Table>,
    context: Pick<RunContext, 'stateFolder'>,
  ): WorkView | Promise<WorkView>;
}
