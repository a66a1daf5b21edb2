import type { Ask } from './ask.ts';
import type { RequestBody } from './call.ts';
import { startJob } from './jobs.ts';
import { filledText, parseNames, record, text } from './json-fields.ts';
import { type StoreReceipt, parseReceipts } from './receipts.ts';
import type { SendFile } from './send-file.ts';
import { type SystemFacts, parseSystem } from './system.ts';
import { UnreadableAnswer } from './unreadable-answer.ts';

export interface PeerStoring {
  readonly priority?: number | undefined;
  /** Gzip on the way: of large images it costs more than it saves. */
  readonly compress?: boolean | undefined;
  /** UID of the transfer syntax to which Orthanc converts on the way; as they are, by default. */
  readonly transcode?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How Orthanc reaches a peer. Orthanc tells no password and no header's value; a user within the address is left out. */
export interface PeerSettings {
  /** Ends with a slash. As seen by Orthanc: from elsewhere it may be another. */
  readonly url: string;
  readonly user: string | undefined;
}

/** The other Orthancs that are configured in Orthanc (`/peers`), by their aliases. */
export interface Peers {
  names(signal?: AbortSignal): Promise<string[]>;
  settings(alias: string, signal?: AbortSignal): Promise<PeerSettings>;
  /** What the peer tells of itself to Orthanc. */
  system(alias: string, signal?: AbortSignal): Promise<SystemFacts>;
  /**
   * Sends resources of any level, by a job whose identifier it gives. A job that ended in success says that the peer
   * accepted each request, not that it kept the instance: it may have filtered it out.
   */
  store(alias: string, resourceIds: readonly string[], settings?: PeerStoring): Promise<string>;
  /** Sends a file that Orthanc does not hold. The receipt is the peer's own and must be judged (`refusalIn`). */
  storeStraight(alias: string, file: RequestBody, signal?: AbortSignal): Promise<StoreReceipt[]>;
}

function parseSettings(value: unknown): PeerSettings {
  const from = record(value, 'the answer');
  const told = text(from, 'Url');
  if (!URL.canParse(told)) throw new UnreadableAnswer('"Url" is no address');
  const url = new URL(told);
  const user = filledText(from, 'Username') ?? (decodeURIComponent(url.username) || undefined);
  return { url: `${url.protocol}//${url.host}${url.pathname.replace(/\/*$/, '/')}`, user };
}

export function peersOf(ask: Ask, sendFile: SendFile): Peers {
  const pathTo = (alias: string, route: string) => ({
    path: `/peers/${encodeURIComponent(alias)}/${route}`,
    route: `/peers/{id}/${route}`,
    destination: alias,
  });
  return {
    names: (signal) => ask({ method: 'GET', path: '/peers', isFixedRoute: true, signal }, parseNames),
    settings: (alias, signal) =>
      ask({ method: 'GET', ...pathTo(alias, 'configuration'), signal }, parseSettings),
    system: (alias, signal) => ask({ method: 'GET', ...pathTo(alias, 'system'), signal }, parseSystem),
    store: (alias, resourceIds, { priority, compress = false, transcode, signal } = {}) =>
      startJob(ask, {
        ...pathTo(alias, 'store'),
        content: {
          Resources: resourceIds,
          Permissive: false,
          Compress: compress,
          ...(transcode !== undefined && { Transcode: transcode }),
          ...(priority !== undefined && { Priority: priority }),
        },
        signal,
      }),
    storeStraight: (alias, file, signal) =>
      sendFile({ ...pathTo(alias, 'store-straight'), file, signal }, parseReceipts),
  };
}
