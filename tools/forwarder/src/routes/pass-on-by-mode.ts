import type { DicomWebServer, Orthanc } from '@orthanc-tools/orthanc-client';
import type { Mode, Route } from '../destination.ts';
import type { Made, Outgoing, SendSettings } from '../open-route.ts';
import type { MadeFile, ReadyMade } from '../processing/processing.ts';
import { sendEach } from './send-each.ts';
import { findStow, stowOne } from './stow-made.ts';
import { checkReceipts } from './store-each.ts';

interface Ends {
  readonly inbox: Orthanc;
  readonly remote: Orthanc | undefined;
}

type PassOn = (file: MadeFile, made: Made, signal: AbortSignal) => Promise<void>;

/** Sends the changed copies, and nothing else: an instance without one is a defect. */
export async function sendMade(
  instances: readonly Outgoing[],
  passOn: PassOn,
  { signal, onRefused }: Pick<SendSettings, 'signal' | 'onRefused'>,
): Promise<undefined> {
  const sendOne = async ({ made }: Outgoing) => {
    if (made === undefined || !isReady(made)) throw new Error('An instance was to be sent unchanged.');
    await passOn(await made.open(signal), made, signal);
  };
  await sendEach(instances, sendOne, onRefused);
  return undefined;
}

const isReady = (made: Made): made is ReadyMade => 'open' in made;

/** How a file that the inbox does not hold gets to the remote; connects to nothing yet. */
export function passOnBy({ mode, target }: Route, ends: Ends): AsyncDisposable & { readonly passOn: PassOn } {
  const stack = new AsyncDisposableStack();
  return {
    passOn: passOnIn(mode, target, { ...ends, stack }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function passOnIn(
  mode: Mode,
  target: string,
  { stack, ...ends }: Ends & { readonly stack: AsyncDisposableStack },
): PassOn {
  const { inbox, remote } = ends;
  switch (mode) {
    case 'dicom':
    case 'dicom-series-by-series':
      return (file, _, signal) => inbox.modalities.storeStraight(target, file, signal);
    case 'peering':
      return async (file, { id }, signal) => {
        checkReceipts(await inbox.peers.storeStraight(target, file, signal), id);
      };
    case 'orthanc':
      return async (file, { id }, signal) => {
        if (remote === undefined) throw new Error('the mode orthanc was opened without an address');
        checkReceipts(await remote.instances.store(file, signal), id);
      };
    case 'dicom-web':
    case 'dicom-web-series-by-series':
      return passOnByStow(async () => stack.use(await findStow(target, ends)));
    case 'transfer':
      // Refused at the start.
      return () => Promise.reject(new Error('what is not stored was to go by the mode transfer'));
  }
}

/** Connects with the first file; anew with the next one where that has failed. */
function passOnByStow(open: () => Promise<DicomWebServer>): PassOn {
  let server: Promise<DicomWebServer> | undefined;
  return async (file, _, signal) => {
    server ??= open();
    server.catch(() => (server = undefined));
    await stowOne(await server, file, signal);
  };
}
