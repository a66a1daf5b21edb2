import {
  askCommitment,
  askDicomWeb,
  askFirst,
  askModality,
  askOrthanc,
  strengthOnce,
} from '@orthanc-tools/copy-proof';
import type { Witness } from '@orthanc-tools/copy-proof';
import { asFailure } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, sparingOthers, unlessFullAt } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import {
  type CarriedByJob,
  type SendingBy,
  type WatchedJobs,
  sendingTo,
  sentNothing,
  watchJobs,
} from '@orthanc-tools/sending-jobs';
import type { Route, Verification } from '../destination.ts';
import type { Naming } from '../name-wholes.ts';
import type { OpenRoute, Outgoing, SendSettings } from '../open-route.ts';
import { askWitness } from './ask-witness.ts';
import { passOnBy, sendMade } from './pass-on-by-mode.ts';
import { refuseInbox, refuseOneStorage } from './refuse-inbox.ts';
import { refuseOtherAddress } from './route-address.ts';
import { refuseStranger } from './refuse-stranger.ts';
import { storeEach } from './store-each.ts';

export interface RouteSurroundings {
  readonly inbox: Orthanc;
  readonly clock: Clock;
  /** Only changed copies may go this way. */
  readonly isProcessed: boolean;
  /** What the remote gets has the identifiers of what the inbox holds. */
  readonly keepsIdentifiers: boolean;
  /** How long a job may make no progress before it is cancelled (ms); for ever if left out. */
  readonly stallLimit?: number | undefined;
  /** Where the inbox's alias led when this began; undefined where that cannot be told. */
  readonly address?: string | undefined;
}

/** How one mode works: who is asked, whether the remote is up, and how instances get there. */
interface Way {
  /** Undefined: nobody can be asked. */
  readonly witness: Witness | undefined;
  probe(signal: AbortSignal): Promise<unknown>;
  /** To begin is to order a job of the inbox, and no more. */
  readonly beginsOnly: boolean;
  /** The inbox may have a job for it; no other job of the inbox says anything of what goes this way. */
  readonly hasJobs: boolean;
  /** See `OpenRoute`. */
  readonly namesWholes: boolean;
  /** The job that does it; undefined where it is done when this returns. */
  begin(
    instances: readonly Outgoing[],
    settings: Pick<SendSettings, 'signal' | 'wholes' | 'onRefused'>,
  ): Promise<string | undefined>;
  close?(): Promise<void>;
}

/** Opens a way; connects to nothing yet. */
export function openRoute(route: Route, surroundings: RouteSurroundings): AsyncDisposable & OpenRoute {
  const { inbox, clock, stallLimit } = surroundings;
  const { connection } = route;
  const remote = connection === undefined ? undefined : sparingOthers(connectOrthanc(connection), clock);
  const way = wayOf(route, { ...surroundings, remote });
  const jobs = watchJobs(inbox, { clock, stallLimit });
  const sayingIfFull = sayingIfFullAt(remote, clock);
  const leadsElsewhere = once(async (signal) => {
    await refuseInbox(route, { inbox, remote }, signal);
    await refuseStranger(route, { inbox, remote }, signal);
  });
  const isOnOtherStorage = refuseOneStorage(route, { inbox, remote });
  const leadsAsBefore = refuseOtherAddress(route, { inbox, address: surroundings.address });
  const { witness } = way;
  const ofWitness =
    witness &&
    strengthOnce(
      async (signal) => {
        await leadsElsewhere(signal);
        return witness.probe(signal);
      },
      { ...noneBelieved, now: () => clock.now().getTime() },
    );
  return {
    route,
    namesWholes: way.namesWholes,
    strength: async (signal): Promise<Verification> => (await ofWitness?.(signal)) ?? 'none',
    async probe(signal) {
      await way.probe(signal);
    },
    async ask(instances, signal) {
      await leadsElsewhere(signal);
      if (witness === undefined) return new Map();
      const there = await askWitness(witness, instances, signal);
      await isOnOtherStorage(instances, there, signal);
      // Afterwards: what was answered meanwhile was answered there.
      await leadsAsBefore(signal);
      return there;
    },
    send: (instances, settings) =>
      sayingIfFull(instances, async () => {
        await leadsElsewhere(settings.signal);
        return sendBy(way, instances, { ...settings, jobs });
      }),
    findJobs: way.hasJobs ? jobs.find : () => Promise.resolve([]),
    resume: jobs.resume,
    [Symbol.asyncDispose]: async () => {
      await way.close?.();
    },
  };
}

/** Short at first, for a remote that is still starting; ever longer, as one with storage commitment takes a minute to say it. */
const noneBelieved = { firstMs: 60_000, longestMs: 3_600_000 };

/** Several ask at the same time, and what failed is asked again. */
function once<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
): (signal: AbortSignal) => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return (signal) =>
    (answer ??= ask(signal).catch((error: unknown) => {
      answer = undefined;
      throw error;
    }));
}

interface Sending extends SendSettings {
  readonly jobs: WatchedJobs;
}

async function sendBy(
  { begin, beginsOnly }: Way,
  instances: readonly Outgoing[],
  { jobs, ...settings }: Sending,
): Promise<CarriedByJob | undefined> {
  const { signal, onJob, onRefused } = settings;
  const job = await begin(instances, settings).catch((error: unknown) => {
    if (beginsOnly && asFailure(error)?.kind === 'transient') onRefused();
    throw error;
  });
  if (job === undefined) return undefined;
  onJob(job);
  return jobs.finish(job, signal).catch((error: unknown) => {
    if (sentNothing(error)) onRefused();
    throw error;
  });
}

/**
 * Sends, and throws that the remote has no room where that is why it failed: what finds none because it is large holds up
 * nothing else. Of instances that go together, that is known where the smallest finds none.
 */
function sayingIfFullAt(remote: Orthanc | undefined, clock: Clock) {
  if (remote === undefined) return <Result>(_: readonly Outgoing[], send: () => Promise<Result>) => send();
  const unlessFull = unlessFullAt(remote, clock);
  return <Result>(instances: readonly Outgoing[], send: () => Promise<Result>): Promise<Result> =>
    send().catch(async (error: unknown) => {
      const failure = asFailure(error);
      const smallest = instances.reduce(
        (least, { made, size }) => Math.min(least, made?.size ?? size),
        Infinity,
      );
      throw failure === undefined ? error : await unlessFull(failure, smallest);
    });
}

/** What a job is told: wholes by their identifiers, the rest one by one. */
function namesOf(instances: readonly Outgoing[], wholes: readonly Naming[]): string[] {
  const meant = new Set(wholes.flatMap(({ series }) => series));
  const rest = instances.filter(({ seriesId }) => !meant.has(seriesId)).map(({ id }) => id);
  return [...wholes.flatMap(({ names }) => names), ...rest];
}

function wayOf(route: Route, ends: Ends): Way {
  const { inbox, isProcessed, remote } = ends;
  const way = storedWay(route, ends);
  if (!isProcessed) return way;
  const passing = passOnBy(route, { inbox, remote });
  return {
    ...way,
    beginsOnly: false,
    hasJobs: false,
    namesWholes: false,
    begin: (instances, settings) => sendMade(instances, passing.passOn, settings),
    close: async () => {
      await passing[Symbol.asyncDispose]();
      await way.close?.();
    },
  };
}

/** `remote` is undefined where only the inbox can ask it. */
type Ends = RouteSurroundings & { readonly remote: Orthanc | undefined };

/** Sends what the inbox holds. */
function storedWay(
  { mode, target }: Route,
  { inbox, clock, remote, keepsIdentifiers, stallLimit }: Ends,
): Way {
  const close = async () => {
    await remote?.[Symbol.asyncDispose]();
  };
  const atRemote = remote === undefined ? undefined : askOrthanc(remote);
  const sending = (
    by: SendingBy,
  ): Pick<Way, 'probe' | 'begin' | 'beginsOnly' | 'hasJobs' | 'namesWholes'> => {
    const { probe, begin } = sendingTo({ source: inbox, by, target, remote, clock, stallLimit });
    return {
      probe,
      begin: (instances, { signal, wholes }) => begin(namesOf(instances, wholes), signal),
      // Where the peer fetches by a job of its own, that is waited for.
      beginsOnly: by !== 'transfers',
      hasJobs: true,
      namesWholes: by === 'dicom-web',
    };
  };
  // By Orthanc's routes, commitment is asked for what the inbox itself holds.
  const commitment = keepsIdentifiers ? [askCommitment(inbox, target, { clock })] : [];
  switch (mode) {
    case 'dicom':
    case 'dicom-series-by-series':
      return {
        witness: atRemote ?? askFirst([askModality(inbox, target), ...commitment]),
        ...sending('modality'),
        close,
      };
    case 'dicom-web':
    case 'dicom-web-series-by-series':
      return { witness: atRemote ?? askDicomWeb(inbox, target), ...sending('dicom-web'), close };
    case 'peering':
      return { witness: atRemote, ...sending('peer'), close };
    case 'transfer':
      return { witness: atRemote, ...sending('transfers'), close };
    case 'orthanc': {
      if (remote === undefined) throw new Error('the mode orthanc was opened without an address');
      return {
        witness: atRemote,
        probe: (signal) => remote.system(signal),
        begin: (instances, { signal, onRefused }) =>
          storeEach(instances, { inbox, remote, signal }, onRefused),
        beginsOnly: false,
        hasJobs: false,
        namesWholes: false,
        close,
      };
    }
  }
}
