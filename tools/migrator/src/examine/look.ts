import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { MigratorOptions } from '../options.ts';
import type { Route } from '../plan-route.ts';

/** What it takes to look at one end of the migration, through Orthanc. */
export interface RouteLook {
  readonly orthanc: Orthanc;
  readonly options: MigratorOptions;
  readonly route: Route;
  readonly signal: AbortSignal;
}
