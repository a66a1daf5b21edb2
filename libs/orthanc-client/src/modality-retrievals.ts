import type { Ask } from './ask.ts';
import { startJob } from './jobs.ts';
import type { Job } from './jobs.ts';
import { filledText, optionalCount, record } from './json-fields.ts';

/** What is to be fetched: one level, and the UIDs of that level and of those above it, by keyword. */
export interface Retrieval {
  readonly level: 'Study' | 'Series' | 'Instance';
  /** Each is a C-MOVE or C-GET of its own, over one association, in this order. */
  readonly resources: readonly Readonly<Record<string, string>>[];
  /** AET to which C-MOVE is to send; Orthanc's own by default. Never of C-GET. */
  readonly targetAet?: string | undefined;
  /** Until the modality must have answered a message, in seconds; Orthanc's `DicomScuTimeout` by default. */
  readonly timeoutSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** By which service a modality is asked to give what it holds. */
export type RetrieveMethod = 'move' | 'get';

/** How a modality is called, as Orthanc has it in its configuration. */
export interface ModalitySettings {
  readonly alias: string;
  readonly aet: string;
  /** As Orthanc reaches it. */
  readonly host: string;
  readonly port: number | undefined;
}

/** Starts a job of C-MOVE or C-GET; gives its identifier. Its success says that the modality reported none. */
export function startRetrieval(
  ask: Ask,
  { alias, method }: { readonly alias: string; readonly method: RetrieveMethod },
  { level, resources, targetAet, timeoutSeconds, signal }: Retrieval,
): Promise<string> {
  return startJob(ask, {
    path: `/modalities/${encodeURIComponent(alias)}/${method}`,
    route: `/modalities/{id}/${method}`,
    destination: alias,
    content: {
      Level: level,
      Resources: resources,
      ...(targetAet !== undefined && method === 'move' && { TargetAet: targetAet }),
      ...(timeoutSeconds !== undefined && { Timeout: timeoutSeconds }),
    },
    signal,
  });
}

/** How many images a job of C-MOVE or C-GET has brought to this Orthanc by now, where its version tells (1.12.10). */
export function receivedIn({ content }: Pick<Job, 'content'>): number | undefined {
  const details = content['Details'];
  if (!Array.isArray(details)) return undefined;
  return details.reduce<number>((sum, entry) => {
    const { ReceivedInstancesIds: ids } = record(entry, 'a detail');
    return sum + (Array.isArray(ids) ? ids.length : 0);
  }, 0);
}

const parseSettings = (value: unknown): ModalitySettings[] =>
  Object.entries(record(value, 'the answer')).map(([alias, told]) => {
    const settings = record(told, 'a modality');
    return {
      alias,
      aet: filledText(settings, 'AET') ?? '',
      host: filledText(settings, 'Host') ?? '',
      port: optionalCount(settings, 'Port'),
    };
  });

/** Every modality of this Orthanc. */
export const readModalitySettings = (ask: Ask, signal?: AbortSignal): Promise<ModalitySettings[]> =>
  ask({ method: 'GET', path: '/modalities?expand', isFixedRoute: true, signal }, parseSettings);
