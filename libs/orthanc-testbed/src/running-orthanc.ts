/** Orthanc's own configuration, as in its JSON file. `null` takes a default of the testbed away. */
export interface OrthancConfiguration {
  readonly [setting: string]: unknown;
}

export type OrthancVersion = '1.13' | '1.12';

/** What to start; the same for every provider. */
export interface OrthancRequest {
  /** Orthanc's `Name`, and by it its AET; 'orthanc' if missing. */
  readonly name?: string;
  /**
   * Added to the testbed's own defaults: remote access, no authentication, DICOMweb, stable after two seconds.
   * Ports and storage are the testbed's. A text 'files:x' stands for the path of `files.x`.
   */
  readonly configuration?: OrthancConfiguration;
  /** '1.13', if missing. */
  readonly version?: OrthancVersion;
  /** Variables of Orthanc's process, among them ORTHANC__SECTION__KEY. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Files that the configuration names: Python plugins, Lua scripts. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Source of a Python plugin. */
  readonly pythonPlugin?: string;
  /** The clock that Orthanc sees, as `YYYY-MM-DD hh:mm:ss` (UTC); it goes on from there. */
  readonly clock?: string;
}

/** A real Orthanc. Disposing of it removes its data. */
export interface RunningOrthanc extends AsyncDisposable {
  readonly name: string;
  readonly aet: string;
  /** As Orthanc names itself: '1.13.0'. */
  readonly version: string;
  /** From this machine; kept over restarts. */
  readonly url: string;
  readonly dicomHost: string;
  readonly dicomPort: number;
  /** From another Orthanc of the same testbed. */
  readonly peerUrl: string;
  /** From another Orthanc of the same testbed: the value of an entry in `DicomModalities`. */
  readonly modality: readonly [aet: string, host: string, port: number];
  /** Where its files lie, if this machine sees them. */
  readonly storageFolder: string | undefined;
  /** Ends it as an administrator would. The data stay for `start`. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL. The data stay for `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  /**
   * Starts it anew with this clock, as in `OrthancRequest`; only native processes can be moved so.
   * @throws Error for a container, which keeps the environment that it was made with
   */
  restartAt(clock: string): Promise<void>;
  /** CPU time, user and system, that the running server has used since it was started. */
  cpuSeconds(): Promise<number>;
  /** All that it has written to its log. */
  log(): Promise<string>;
  /** Lets it outlive this process; nobody cleans it up then. Tells how to end it by hand. */
  keep(): Promise<string>;
}
