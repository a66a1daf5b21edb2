import { askModality } from '@orthanc-tools/copy-proof';
import { type Finding, asFailure } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { type Find, asFinding, digits, finderFor } from '@orthanc-tools/server-examination';
import { chooseMode } from './choose-mode.ts';
import type { ClonerOptions } from './options.ts';
import { findPeer, lookAtPeers } from './peers-at-source.ts';

interface WayLook {
  readonly options: ClonerOptions;
  readonly source: Orthanc;
  /** Undefined where its address is not given. */
  readonly destination: Orthanc | undefined;
  readonly find: Find;
  readonly signal: AbortSignal;
}

/**
 * What the mode needs of the source, of the destination, and of the way between them. What keeps a server from being asked
 * at all is a finding of its own.
 */
export async function wayFindings(options: ClonerOptions, signal: AbortSignal): Promise<Finding[]> {
  try {
    return await lookAtWay(options, signal);
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return [];
  }
}

async function lookAtWay(options: ClonerOptions, signal: AbortSignal): Promise<Finding[]> {
  await using source = connectOrthanc(connectionFrom(options, 'source'));
  await using stack = new AsyncDisposableStack();
  const destination =
    options.destUrl === undefined ? undefined : stack.use(connectOrthanc(connectionFrom(options, 'dest')));
  const look = { options, source, destination, find: finderFor('way'), signal };
  switch (options.mode) {
    case 'Default':
      return [];
    case 'Auto':
      return await choiceFindings(look);
    case 'Dicom':
      return await modalityFindings(look);
    case 'Peering':
    case 'Transfer':
      return [...(await peerFindings(look)), ...(await acceleratorFindings(look))];
  }
}

const correct = 'Correct the above, then ask again.';

async function choiceFindings({ options, source, destination, find, signal }: WayLook): Promise<Finding[]> {
  if (destination === undefined) return [];
  const { destPeer } = options;
  const sights = await lookAtPeers(
    { source, destination },
    { named: destPeer, onlySameAddress: true, signal },
  );
  const { mode, because } = chooseMode(sights, destPeer !== undefined);
  return [find('mode', 'ok', `${mode}: ${because}`)];
}

async function peerFindings(look: WayLook): Promise<Finding[]> {
  const { options, source, destination, find, signal } = look;
  const remedy =
    'Correct --dest-peer (DEST_PEER), or the address, user and password in OrthancPeers of the source; and see whether the peer runs.';
  const asked = await asFinding(
    async () => {
      const alias = await aliasOf(look);
      if (alias === undefined) return find('peer', 'problem', 'none is named', remedy);
      const { version } = await source.peers.system(alias, signal);
      return find('peer', 'ok', `${alias}: Orthanc ${version}, reached by the source`);
    },
    ({ message }) => find('peer', 'problem', message, remedy),
  );
  if (asked.verdict !== 'ok' || destination === undefined || options.destPeer === undefined) return [asked];
  return [asked, await samenessFinding(look, destination, options.destPeer)];
}

async function aliasOf({ options, source, destination, signal }: WayLook): Promise<string | undefined> {
  if (options.destPeer !== undefined || destination === undefined) return options.destPeer;
  return findPeer({ source, destination }, signal);
}

function samenessFinding(
  { source, find, signal }: WayLook,
  destination: Orthanc,
  alias: string,
): Promise<Finding> {
  const remedy = 'Give the address of the peer itself as --dest-url (DEST_URL), or another --dest-peer.';
  return asFinding(
    async () => {
      const [sight] = await lookAtPeers({ source, destination }, { named: alias, signal });
      return sight?.seemsDestination === true
        ? find('peer is destination', 'ok', `${alias} and --dest-url tell the same of themselves`)
        : find('peer is destination', 'warning', 'they seem to be two servers', remedy);
    },
    ({ message }) => find('peer is destination', 'unknown', message, correct),
  );
}

async function acceleratorFindings({
  options,
  source,
  destination,
  find,
  signal,
}: WayLook): Promise<Finding[]> {
  if (options.mode !== 'Transfer') return [];
  const remedy =
    'The mode Transfer needs the transfers plugin on both sides: enable it there, or use the mode Peering.';
  const at = (name: string, orthanc: Orthanc) =>
    asFinding(
      async () =>
        (await orthanc.transfers.isThere(signal))
          ? find(`accelerator at the ${name}`, 'ok', 'there')
          : find(`accelerator at the ${name}`, 'problem', 'missing', remedy),
      ({ message }) => find(`accelerator at the ${name}`, 'unknown', message, remedy),
    );
  return [
    await at('source', source),
    ...(destination === undefined ? [] : [await at('destination', destination)]),
  ];
}

async function modalityFindings({ options, source, find, signal }: WayLook): Promise<Finding[]> {
  const alias = options.destDicom ?? '';
  const echo = await asFinding(
    async () => {
      const asked = performance.now();
      await source.modalities.echo(alias, { signal });
      return find('C-ECHO', 'ok', `answered within ${digits(Math.ceil(performance.now() - asked))} ms`);
    },
    ({ message }) =>
      find(
        'C-ECHO',
        'problem',
        message,
        'Check --dest-dicom (DEST_DICOM), AET, host and port of the modality in the source, whether it runs, the firewall, and whether it knows the AET of the source.',
      ),
  );
  if (echo.verdict !== 'ok') return [echo];
  const why =
    'Let it answer C-FIND at the level IMAGE to the AET of the source, or give its address as --dest-url (DEST_URL): otherwise what it accepts is not proved.';
  const images = await asFinding(
    async () =>
      (await askModality(source, alias).probe(signal)) === 'none'
        ? find('C-FIND of images', 'warning', 'refused', why)
        : find('C-FIND of images', 'ok', 'answered'),
    ({ message }) => find('C-FIND of images', 'unknown', message, why),
  );
  return [echo, images];
}
