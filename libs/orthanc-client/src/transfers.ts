import { asFailure, configurationError } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { filledText, optionalText, parseNames, record, text } from './json-fields.ts';

/**
 * Which job carries a transfer: one of this Orthanc, which pushes; or one of the peer, which fetches, where the peer's
 * entry has `RemoteSelf`. The latter can only be followed at the peer itself (`url`, as this Orthanc sees it).
 */
export type Transfer =
  | { readonly by: 'source'; readonly jobId: string }
  | { readonly by: 'peer'; readonly jobId: string; readonly url: string };

export interface TransferSettings {
  /** Gzip by default, as the accelerator's own pages do. */
  readonly compression?: 'gzip' | 'none' | undefined;
  readonly priority?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The transfers accelerator, a plugin. */
export interface Transfers {
  /** Whether Orthanc has the accelerator, told by its route: it answers to that, if only to refuse the question. */
  isThere(signal?: AbortSignal): Promise<boolean>;
  /** @throws configuration `TRANSFERS_MISSING` without the plugin, `DESTINATION_UNKNOWN` without such a peer */
  send(peer: string, instanceIds: readonly string[], settings?: TransferSettings): Promise<Transfer>;
}

function parseTransfer(value: unknown): Transfer {
  const from = record(value, 'the answer');
  const remote = filledText(from, 'RemoteJob');
  if (remote !== undefined) return { by: 'peer', jobId: remote, url: optionalText(from, 'URL') ?? '' };
  return { by: 'source', jobId: text(from, 'ID') };
}

export function transfersOf(ask: Ask): Transfers {
  const missing = async (peer: string, cause: unknown): Promise<never> => {
    const peers = await ask({ method: 'GET', path: '/peers', isFixedRoute: true }, parseNames);
    const facts = { destination: peer };
    if (!peers.includes(peer))
      throw configurationError('DESTINATION_UNKNOWN', `Orthanc knows no peer named ${peer}.`, { facts });
    const message = 'Orthanc has no transfers accelerator: install its plugin, or send in another mode.';
    throw configurationError('TRANSFERS_MISSING', message, { cause, facts });
  };
  return {
    isThere: async (signal) => {
      try {
        await ask({ method: 'GET', path: '/transfers/send', isPlainText: true, signal }, () => undefined);
        return true;
      } catch (error) {
        const failure = asFailure(error);
        if (failure?.code === 'ORTHANC_NOT_FOUND') return false;
        if (failure?.code === 'ORTHANC_REFUSED') return true;
        throw error;
      }
    },
    send: async (peer, instanceIds, { compression = 'gzip', priority, signal } = {}) => {
      const content = {
        Resources: instanceIds.map((id) => ({ Level: 'Instance', ID: id })),
        Compression: compression,
        Peer: peer,
        ...(priority !== undefined && { Priority: priority }),
      };
      try {
        const question = {
          method: 'POST',
          path: '/transfers/send',
          effect: 'whole',
          isOnNewConnection: true,
          content,
          signal,
        } as const;
        return await ask(question, parseTransfer);
      } catch (error) {
        if (asFailure(error)?.code === 'ORTHANC_NOT_FOUND') return await missing(peer, error);
        throw error;
      }
    },
  };
}
