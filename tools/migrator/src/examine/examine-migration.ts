import type { Finding } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import {
  type Check,
  acceptedTransferSyntaxes,
  answer,
  authentication,
  clock,
  content,
  examineServer,
  expected,
  finderFor,
  freeSpace,
  overwriteMode,
  rightToRead,
  searchLimits,
  storageLimit,
  storedMd5,
  tcpNoDelay,
  transcodingOnArrival,
  transport,
  version,
} from '@orthanc-tools/server-examination';
import { type RunContext, tryFile } from '@orthanc-tools/tool-runtime';
import { lookApart } from '../check-apart.ts';
import { ledgerPlace } from '../ledger-place.ts';
import type { MigratorOptions } from '../options.ts';
import { planRoute } from '../plan-route.ts';
import { asker } from './asker.ts';
import { destinationFindings } from './examine-destination.ts';
import { sourceFindings } from './examine-source.ts';
import type { RouteLook } from './look.ts';

/** What a careful administrator would look at before a migration. Nothing is changed anywhere. */
export async function examineMigration(
  options: MigratorOptions,
  { clock: time, stateFolder, signal }: RunContext,
): Promise<Finding[]> {
  const connection = () => connectionFrom(options, 'orthanc');
  const findings = await examineServer(
    { subject: 'orthanc', flags: '--orthanc', asker, connection },
    checksOf(() => time.now()),
  );
  const isAway = findings.some(({ check, verdict }) => check === 'answer' && verdict === 'problem');
  const ends = isAway ? [] : await endFindings(options, signal);
  return [...findings, ...ends, await placeFinding(options, stateFolder)];
}

const checksOf = (now: () => Date): readonly Check[] => [
  answer,
  version,
  authentication,
  transport,
  rightToRead,
  storedMd5('Only of use where the destination is an Orthanc peer: the files are compared by their MD5.'),
  overwriteMode((mode) => ({
    verdict: 'ok',
    found: `${mode}: what Orthanc holds already is not fetched again`,
  })),
  transcodingOnArrival(
    'Leave IngestTranscoding empty, unless the archive is to hold other files than the source sent.',
  ),
  acceptedTransferSyntaxes(
    'Let AcceptedTransferSyntaxes in its configuration hold them: images that the source keeps so would not arrive, or decompressed.',
  ),
  searchLimits({ mayBeEmpty: true }),
  content,
  storageLimit({
    deleting:
      'Orthanc deletes the oldest patients when it is full: what was migrated first would be lost. Set MaximumStorageMode to Reject, or raise MaximumStorageSize and MaximumPatientCount.',
    refusing: undefined,
  }),
  freeSpace('Compare what the source holds (orthanc-migrator plan) with the room on the disk of Orthanc.'),
  clock(now),
  tcpNoDelay,
];

async function endFindings(options: MigratorOptions, signal: AbortSignal): Promise<Finding[]> {
  const find = finderFor('route');
  try {
    const route = planRoute(options);
    await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
    const look = { orthanc, options, route, signal };
    const source = route.from === 'modality' ? await sourceFindings(look, route.alias) : [];
    const destination = await destinationFindings(look);
    return [...source, ...destination, ...(await apartFindings(look))];
  } catch (error) {
    const { code, message } = expected(error);
    return [find(code, 'problem', message, 'Correct what is named here, then ask again.')];
  }
}

/** Where the ends lead to one server, what is asked proves nothing. */
async function apartFindings(look: RouteLook): Promise<Finding[]> {
  try {
    const mixedUp = await lookApart(look);
    if (mixedUp === undefined) return [];
    const verdict = mixedUp.is === 'the source itself' ? 'problem' : 'warning';
    return [finderFor('destination')('another server', verdict, mixedUp.found, apartRemedy)];
  } catch (error) {
    const { message } = expected(error);
    return [finderFor('destination')('another server', 'unknown', message, reachRemedy)];
  }
}

const apartRemedy =
  'Let --source-modality (SOURCE_MODALITY) lead to the source, and --destination-modality (DESTINATION_MODALITY), --destination-aet (DESTINATION_AET), or --destination-peer (DESTINATION_PEER) and --dest-url (DEST_URL), to the destination itself.';

const reachRemedy = 'See to it that both ends can be reached, then ask again.';

async function placeFinding(options: MigratorOptions, stateFolder: string): Promise<Finding> {
  const find = finderFor('ledger');
  try {
    const path = ledgerPlace(options, stateFolder);
    const place = await tryFile(path);
    return place.is === 'writable'
      ? find('place', 'ok', path)
      : find(
          'place',
          'problem',
          `${path}: ${place.code}`,
          'Give --ledger-path (LEDGER_PATH) a place that can be written.',
        );
  } catch (error) {
    return find(
      'place',
      'unknown',
      expected(error).message,
      'Correct what is named here, or give --ledger-path (LEDGER_PATH).',
    );
  }
}
