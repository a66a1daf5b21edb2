import { asFailure } from '@orthanc-tools/failures';
import { type SystemFacts, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import type { ClonerOptions } from './options.ts';

export interface BothSystems {
  readonly here: SystemFacts;
  readonly there: SystemFacts;
}

/** What both servers tell of themselves. Undefined where one has no address, or does not answer: that is a finding of its own. */
export async function askBothSystems(options: ClonerOptions): Promise<BothSystems | undefined> {
  if (options.destUrl === undefined) return undefined;
  try {
    await using source = connectOrthanc(connectionFrom(options, 'source'));
    await using destination = connectOrthanc(connectionFrom(options, 'dest'));
    const [here, there] = await Promise.all([source.system(), destination.system()]);
    return { here, there };
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}
