import type { Failure, Finding } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { expected } from '@orthanc-tools/server-examination';
import type { MigratorOptions } from '../options.ts';
import type { Route } from '../plan-route.ts';

/** What it takes to look at one end of the migration, through Orthanc. */
export interface RouteLook {
  readonly orthanc: Orthanc;
  readonly options: MigratorOptions;
  readonly route: Route;
  readonly signal: AbortSignal;
}

/** A question that fails becomes a finding of its own. */
export async function asFinding(
  ask: () => Promise<Finding>,
  refused: (failure: Failure) => Finding,
): Promise<Finding> {
  try {
    return await ask();
  } catch (error) {
    return refused(expected(error));
  }
}
