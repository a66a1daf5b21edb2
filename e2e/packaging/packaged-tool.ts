import type { InstalledPackage } from './installed-package.ts';

/** A tool as those get it who install its package. */
export interface PackagedTool {
  readonly tool: string;
  /** The function that it exports. */
  readonly call: string;
  /** What its package holds besides what every package does. */
  readonly more?: readonly string[];
  /** What it is installed for. */
  readonly jobs: readonly Job[];
}

export interface Job {
  /** The sentence after the name of the tool. */
  readonly promise: string;
  keep(installed: InstalledPackage): Promise<void>;
}
