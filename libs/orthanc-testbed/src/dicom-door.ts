import { type Socket, connect, createServer } from 'node:net';
import { listenOn } from './listen-on.ts';
import { passRequestOnly } from './silent-association.ts';

/** What stands before the DICOM port of a server: counts associations, and may reject them or leave them unanswered. */
export interface DicomDoor extends AsyncDisposable {
  readonly port: number;
  /** From now on. Associations that stand go on. */
  reject(isRejecting: boolean): void;
  /** The same: associations are accepted, and nothing that is asked by them is answered until it ends. */
  silence(isSilent: boolean): void;
  readonly rejected: number;
  readonly accepted: number;
  /** How many associations stood at the same time, at most. */
  readonly mostAtOnce: number;
}

/**
 * A-ASSOCIATE-RJ (DICOM PS3.8, 9.3.4): rejected transient, by the service provider (presentation), local limit
 * exceeded. It is what a PACS says that has as many associations as it can bear.
 */
const localLimitExceeded = Buffer.from([0x03, 0, 0, 0, 0, 4, 0, 2, 3, 2]);

/** Opens a door on every address of this machine. */
export async function openDicomDoor(target: { host: string; port: number }): Promise<DicomDoor> {
  const open = new Set<Socket>();
  const unanswered = new Set<() => void>();
  let [isRejecting, isSilent, rejected, accepted, mostAtOnce] = [false, false, 0, 0, 0];
  const hold = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('error', () => undefined).on('close', () => open.delete(socket));
  };
  const rejectOne = (client: Socket): void => {
    rejected += 1;
    client.once('data', () => client.end(localLimitExceeded));
  };
  const passOn = (client: Socket): void => {
    accepted += 1;
    const behind = hold(connect({ ...target, noDelay: true }));
    mostAtOnce = Math.max(mostAtOnce, open.size / 2);
    if (isSilent) unanswered.add(passRequestOnly(client, behind));
    else client.pipe(behind).pipe(client);
    client.on('close', () => behind.destroy());
    behind.on('close', () => client.destroy());
  };
  const server = createServer({ noDelay: true }, (client) => {
    hold(client);
    if (isRejecting) rejectOne(client);
    else passOn(client);
  });
  const port = await listenOn(server, 0, '0.0.0.0');
  return {
    port,
    reject: (wanted) => {
      isRejecting = wanted;
    },
    silence: (wanted) => {
      isSilent = wanted;
      if (isSilent) return;
      for (const answer of unanswered) answer();
      unanswered.clear();
    },
    get rejected() {
      return rejected;
    },
    get accepted() {
      return accepted;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
