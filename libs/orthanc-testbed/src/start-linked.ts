import { askOrthanc } from './ask-orthanc.ts';
import { type DestinationBehaviour, behaving } from './destination-requests.ts';
import type { OrthancRequest, RunningOrthanc } from './running-orthanc.ts';
import type { Testbed } from './testbed.ts';

/** How the source reaches a destination, where that is not directly: through a fault proxy, for instance. */
export interface Reach {
  readonly peerUrl?: string;
  readonly modality?: RunningOrthanc['modality'];
}

export interface LinkedDestination {
  readonly request?: OrthancRequest;
  readonly behaviour?: DestinationBehaviour;
  /** Told of the destination once it runs and before the source is started. */
  readonly reach?: (destination: RunningOrthanc) => Promise<Reach> | Reach;
  /** The destination fetches what the source asks the transfers accelerator to send; see `withTransfers`. */
  readonly isPulling?: boolean;
}

export interface LinkedRequest<Alias extends string> {
  readonly source?: OrthancRequest;
  /** By the alias under which the source knows each as modality, peer and DICOMweb server. */
  readonly destinations: Readonly<Record<Alias, LinkedDestination>>;
}

export interface LinkedOrthancs<Alias extends string> extends AsyncDisposable {
  readonly source: RunningOrthanc;
  readonly destinations: Readonly<Record<Alias, RunningOrthanc>>;
}

/**
 * Starts an Orthanc and its destinations. The source knows each as modality, peer and DICOMweb server of one alias; each
 * knows the source as modality and peer named `source`, so that it answers C-FIND and storage commitment, unless it is
 * store-only. What they know of each other survives their restarts.
 */
export async function startLinked<Alias extends string>(
  testbed: Testbed,
  { source: wanted = {}, destinations: each }: LinkedRequest<Alias>,
): Promise<LinkedOrthancs<Alias>> {
  await using stack = new AsyncDisposableStack();
  const entries = Object.entries<LinkedDestination>(each);
  const started = await Promise.all(
    entries.map(async ([alias, destination]) => {
      const running = stack.use(await testbed.startOrthanc(requestOf(alias, destination)));
      return { alias, destination, running, reach: (await destination.reach?.(running)) ?? {} };
    }),
  );
  const source = stack.use(await testbed.startOrthanc(knowing(started, wanted)));
  for (const { destination, running } of started)
    if (destination.behaviour !== 'store-only') await introduce(source, running, destination.behaviour);
  const kept = stack.move();
  return {
    source,
    destinations: Object.fromEntries(started.map(({ alias, running }) => [alias, running])) as Record<
      Alias,
      RunningOrthanc
    >,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

interface Started {
  readonly alias: string;
  readonly destination: LinkedDestination;
  readonly running: RunningOrthanc;
  readonly reach: Reach;
}

function requestOf(alias: string, { request = {}, behaviour = 'usual' }: LinkedDestination): OrthancRequest {
  const remembering = { DicomModalitiesInDatabase: true, OrthancPeersInDatabase: true };
  const configuration = { ...remembering, ...request.configuration };
  return behaving(behaviour, { name: alias, ...request, configuration });
}

function knowing(started: readonly Started[], request: OrthancRequest): OrthancRequest {
  const table = (entry: (one: Started) => unknown) =>
    Object.fromEntries(started.map((one) => [one.alias, entry(one)]));
  const urlOf = ({ reach, running }: Started): string => reach.peerUrl ?? running.peerUrl;
  const configuration = {
    DicomModalities: table(({ reach, running }) => reach.modality ?? running.modality),
    OrthancPeers: table((one) => ({
      Url: urlOf(one),
      ...(one.destination.isPulling === true && { RemoteSelf: 'source' }),
    })),
    DicomWeb: { Enable: true, Servers: table((one) => [`${urlOf(one)}/dicom-web/`]) },
    ...request.configuration,
  };
  return { name: 'source', ...request, configuration };
}

async function introduce(
  source: RunningOrthanc,
  destination: RunningOrthanc,
  behaviour: DestinationBehaviour = 'usual',
): Promise<void> {
  const put = (path: string, value: unknown) =>
    askOrthanc(destination, path, { method: 'PUT', body: JSON.stringify(value) });
  const [AET, Host, Port] = source.modality;
  const isSilent = behaviour === 'committing';
  await put('/modalities/source', isSilent ? { AET, Host, Port, AllowFind: false } : source.modality);
  await put('/peers/source', { Url: source.peerUrl });
}
