import { type Finding, asFailure } from '@orthanc-tools/failures';
import { type OrthancConnection, connectOrthanc } from '@orthanc-tools/orthanc-client';
import {
  answer,
  authentication,
  clock,
  content,
  examineServer,
  freeSpace,
  leadToOne,
  overwriteMode,
  rightToStore,
  searchLimits,
  storageLimit,
  storedMd5,
  transcodingOnArrival,
  transport,
  version,
} from '@orthanc-tools/server-examination';
import { isStranger } from '../routes/refuse-stranger.ts';
import { asker } from './asker.ts';
import type { WayLook } from './look.ts';

interface RemoteQuestion {
  /** The way's, in findings. */
  readonly subject: string;
  readonly connection: OrthancConnection;
  readonly now: () => Date;
}

/** A destination that is an Orthanc at hand: asked for what it holds and, by the mode orthanc, filled. */
export async function remoteFindings(
  look: WayLook,
  { subject, connection, now }: RemoteQuestion,
): Promise<Finding[]> {
  const isFilled = look.route.mode === 'orthanc';
  const findings = await examineServer({ subject, flags: '--dest', asker, connection: () => connection }, [
    answer,
    version,
    authentication,
    transport,
    ...(isFilled ? [rightToStore] : []),
    overwriteMode((mode) => ({
      verdict: 'warning',
      found: `${mode}: what arrives replaces what is there`,
      remedy:
        'Set OverwriteInstances to Never (false): the forwarder looks before it sends, but what another sender stores in between would be replaced.',
    })),
    storedMd5('Set StoreMD5ForAttachments to true: otherwise an instance is proved by its ID and size only.'),
    transcodingOnArrival(
      'Instances are stored with other bytes and cannot be proved equal, so that nothing is deleted: switch IngestTranscoding off, or take --verify image.',
    ),
    searchLimits({ mayBeEmpty: true }),
    content,
    storageLimit({
      deleting:
        'What was forwarded and deleted at the inbox is lost when it is deleted here: raise MaximumStorageSize and MaximumPatientCount, or set MaximumStorageMode to Reject.',
      refusing:
        'When it is full, everything waits in the inbox: raise MaximumStorageSize and MaximumPatientCount.',
    }),
    freeSpace('Look on that machine with df -h at StorageDirectory and IndexDirectory.'),
    clock(now),
  ]);
  return [...findings, ...(await samenessFindings(look, connection))];
}

/** Where the alias and the address lead apart, what is asked is not what was sent to: a run refuses both. */
async function samenessFindings(
  { inbox, route, find, signal }: WayLook,
  connection: OrthancConnection,
): Promise<Finding[]> {
  const remedy = 'Give the address of the destination itself as --dest-url (DEST_URL).';
  const differs = (found: string) => [find('another server', 'problem', found, remedy)];
  try {
    await using remote = connectOrthanc(connection);
    const askInbox = () => inbox.system(signal);
    if (remote.url === inbox.url || (await leadToOne(askInbox, () => remote.system(signal))))
      return differs('no, it seems to be the inbox itself: nothing would be proved elsewhere');
    if (!(await isStranger(route, { inbox, remote }, signal))) return [];
    return differs('it seems to be another one than the peer to which the inbox sends');
  } catch (error) {
    // What keeps one from answering is a finding of its own.
    if (asFailure(error) === undefined) throw error;
    return [];
  }
}
