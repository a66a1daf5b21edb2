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
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { type SendingBy, sendingTo, watchJobs } from '@orthanc-tools/sending-jobs';
import type { Route, Verification } from '../destination.ts';
import type { OpenRoute, Outgoing, SendSettings } from '../open-route.ts';
import { askWitness } from './ask-witness.ts';
import { passOnBy, sendMade } from './pass-on-by-mode.ts';
import { refuseInbox } from './refuse-inbox.ts';
import { storeEach } from './store-each.ts';

export interface RouteSurroundings {
  readonly inbox: Orthanc;
  readonly clock: Clock;
  /** Only changed copies may go this way. */
  readonly isProcessed: boolean;
  /** What the remote gets has the identifiers of what the inbox holds. */
  readonly keepsIdentifiers: boolean;
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
  /** The job that does it; undefined where it is done when this returns. */
  begin(instances: readonly Outgoing[], signal: AbortSignal): Promise<string | undefined>;
  close?(): Promise<void>;
}

/** Opens a way; connects to nothing yet. */
export function openRoute(route: Route, surroundings: RouteSurroundings): AsyncDisposable & OpenRoute {
  const { inbox, clock } = surroundings;
  const { connection } = route;
  const remote = connection === undefined ? undefined : connectOrthanc(connection);
  const way = wayOf(route, { ...surroundings, remote });
  const jobs = watchJobs(inbox, { clock });
  const leadsElsewhere = once((signal) => refuseInbox(route, { inbox, remote }, signal));
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
    strength: async (signal): Promise<Verification> => (await ofWitness?.(signal)) ?? 'none',
    async probe(signal) {
      await way.probe(signal);
    },
    async ask(instances, signal) {
      await leadsElsewhere(signal);
      return way.witness === undefined ? new Map() : askWitness(way.witness, instances, signal);
    },
    async send(instances, { signal, onJob, onRefused }: SendSettings) {
      await leadsElsewhere(signal);
      const job = await way.begin(instances, signal).catch((error: unknown) => {
        if (way.beginsOnly && asFailure(error)?.kind === 'transient') onRefused();
        throw error;
      });
      if (job === undefined) return;
      onJob(job);
      await jobs.finish(job, signal);
    },
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

const idsOf = (instances: readonly Outgoing[]): string[] => instances.map(({ id }) => id);

function wayOf(route: Route, ends: Ends): Way {
  const { inbox, isProcessed, remote } = ends;
  const way = storedWay(route, ends);
  if (!isProcessed) return way;
  const passing = passOnBy(route, { inbox, remote });
  return {
    ...way,
    beginsOnly: false,
    hasJobs: false,
    begin: (instances, signal) => sendMade(instances, passing.passOn, signal),
    close: async () => {
      await passing[Symbol.asyncDispose]();
      await way.close?.();
    },
  };
}

/** `remote` is undefined where only the inbox can ask it. */
type Ends = RouteSurroundings & { readonly remote: Orthanc | undefined };

/** Sends what the inbox holds. */
function storedWay({ mode, target }: Route, { inbox, clock, remote, keepsIdentifiers }: Ends): Way {
  const close = async () => {
    await remote?.[Symbol.asyncDispose]();
  };
  const atRemote = remote === undefined ? undefined : askOrthanc(remote);
  const sending = (by: SendingBy): Pick<Way, 'probe' | 'begin' | 'beginsOnly' | 'hasJobs'> => {
    const { probe, begin } = sendingTo({ source: inbox, by, target, remote, clock });
    return {
      probe,
      begin: (instances, signal) => begin(idsOf(instances), signal),
      // Where the peer fetches by a job of its own, that is waited for.
      beginsOnly: by !== 'transfers',
      hasJobs: true,
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
        begin: (instances, signal) => storeEach(instances, { inbox, remote, signal }),
        beginsOnly: false,
        hasJobs: false,
        close,
      };
    }
  }
}
