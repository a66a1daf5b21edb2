import { readFileSync } from 'node:fs';
import { type OrthancAddress, askOrthanc } from './ask-orthanc.ts';
import type { OrthancRequest } from './running-orthanc.ts';

/**
 * How a destination behaves: `lying` answers success and keeps nothing; `refusing-every-tenth` keeps the others;
 * `store-only` takes what it is sent and answers no question over DICOM, as it does not know who asks; `committing` does
 * storage commitment and answers no C-FIND; `full` has room for a megabyte (1,048,576 bytes) and refuses what goes beyond.
 */
export type DestinationBehaviour =
  'usual' | 'lying' | 'refusing-every-tenth' | 'store-only' | 'committing' | 'full';

const plugin = (name: string): string =>
  readFileSync(new URL(`../plugins/${name}.py`, import.meta.url), 'utf8');

const behaviours: Readonly<Record<DestinationBehaviour, () => OrthancRequest>> = {
  usual: () => ({}),
  lying: () => ({ pythonPlugin: plugin('lying') }),
  'refusing-every-tenth': () => ({ pythonPlugin: plugin('refusing-every-tenth') }),
  'store-only': () => ({}),
  committing: () => ({}),
  full: () => ({ configuration: { MaximumStorageSize: 1, MaximumStorageMode: 'Reject' } }),
};

/** Adds to a request what makes the Orthanc behave so. */
export function behaving(behaviour: DestinationBehaviour, request: OrthancRequest = {}): OrthancRequest {
  const { configuration, pythonPlugin } = behaviours[behaviour]();
  return joined(request, { configuration, pythonPlugin });
}

/** Adds the stand-in for the routes of the transfers accelerator: both sides of a transfer need it. */
export function withTransfers(request: OrthancRequest = {}): OrthancRequest {
  return joined(request, { pythonPlugin: plugin('transfers-accelerator'), configuration: undefined });
}

/** Lets the Orthanc count what arrives, also what is there already; see `receivedBy`. */
export function counting(request: OrthancRequest = {}): OrthancRequest {
  return joined(request, { pythonPlugin: plugin('counting'), configuration: undefined });
}

/** How many instances have arrived since the start of an Orthanc that counts them. */
export async function receivedBy(orthanc: OrthancAddress): Promise<number> {
  const answer = await askOrthanc(orthanc, '/testbed/received');
  return ((await answer.json()) as { instances: number }).instances;
}

interface Addition {
  readonly configuration: OrthancRequest['configuration'] | undefined;
  readonly pythonPlugin: string | undefined;
}

function joined(request: OrthancRequest, { configuration, pythonPlugin }: Addition): OrthancRequest {
  const plugins = [request.pythonPlugin, pythonPlugin].filter((source) => source !== undefined);
  return {
    ...request,
    ...(configuration !== undefined && { configuration: { ...configuration, ...request.configuration } }),
    ...(plugins.length > 0 && { pythonPlugin: plugins.join('\n\n') }),
  };
}
