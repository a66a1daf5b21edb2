import {
  type Failure,
  type FailureDetails,
  ambiguousFailure,
  configurationError,
  permanentFailure,
  transientFailure,
} from '@orthanc-tools/failures';

/** What Orthanc says when a destination (a modality, a peer, a DICOMweb server) did not do what it was asked for. */
export interface DestinationTrouble {
  /** Of Orthanc's list of errors. */
  readonly orthancStatus: number;
  /** Orthanc's own words: read for what they mean and never shown, as they may hold anything. */
  readonly details: string;
  /** Status of DIMSE (DICOM PS3.7, annex C; PS3.4, tables B.2-1 and C.4-1 to 3), where the destination gave one. */
  readonly dimseStatus?: number | undefined;
  /** It was asked by C-FIND what it holds. */
  readonly isQuery?: boolean | undefined;
  /** It was asked for what it holds (C-MOVE, C-GET), and not sent anything. */
  readonly isRetrieval?: boolean;
}

/** What is in doubt when a destination falls silent: nothing where it was only asked, the work where it was sent something. */
export type Loss = 'nothing' | 'work';

const inexistentItem = 7;
const networkProtocol = 9;
const unknownResource = 17;
const badCredentials = 29;
const noPresentationContext = 2015;

/** Whether Orthanc's error is one of its dealings with a destination, and not its own. */
export const isDestinationTrouble = (orthancStatus: number): boolean =>
  [networkProtocol, noPresentationContext, badCredentials].includes(orthancStatus);

interface Meaning {
  readonly make: typeof permanentFailure;
  readonly code: string;
  /** Follows the destination's name. */
  readonly say: string;
  readonly scope?: 'run';
}

const configuration = (code: string, say: string): Meaning => ({ make: configurationError, code, say });
const permanent = (code: string, say: string): Meaning => ({ make: permanentFailure, code, say });
const transient = (code: string, say: string): Meaning => ({ make: transientFailure, code, say });
const ambiguous = (code: string, say: string): Meaning => ({ make: ambiguousFailure, code, say });
const away = (code: string, say: string): Meaning => ({ make: transientFailure, code, say, scope: 'run' });

const unreachable = away('DESTINATION_UNREACHABLE', 'cannot be reached');
const sopClassRefused = permanent('SOP_CLASS_REFUSED', 'does not accept this SOP class or transfer syntax');

/** By Orthanc's words, in this order: a time-out while connecting is another thing than one after the sending. */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/association rejected/i, away('DESTINATION_REJECTS_ASSOCIATION', 'rejects the DICOM association')],
  [/connecting to AET|could ?n[o']t (connect|resolve)/i, unreachable],
  [/presentation context|not accepted any TransferSyntax/i, sopClassRefused],
  [/only able to receive/i, ambiguous('DESTINATION_TOOK_A_PART', 'did not take all instances')],
  [/time-?out/i, ambiguous('DESTINATION_NO_ANSWER', 'gave no answer in time')],
  [/aborted|closed|reset/i, ambiguous('DESTINATION_CONNECTION_LOST', 'broke the connection')],
];

// One instance that is refused again and again by 0xA7xx must not hold up all others: the fault is the item's.
function meaningOfStoring(status: number): Meaning {
  if (status >> 8 === 0xa7) return transient('DESTINATION_OUT_OF_RESOURCES', 'is out of resources');
  if (status === 0x0122) return sopClassRefused;
  if (status === 0x0110) return transient('DESTINATION_PROCESSING_FAILED', 'failed to process it');
  return permanent('INSTANCE_REFUSED', 'refuses an instance');
}

/**
 * Of C-FIND (DICOM PS3.4, table C.4-1): nothing but a question is refused. Whether the question as such (0xA900) or for
 * now (0xCxxx) servers do not tell reliably, so that it is worth being put again, or otherwise.
 */
function meaningOfQuery(status: number): Meaning {
  if (status >> 8 === 0xa7) return transient('DESTINATION_OUT_OF_RESOURCES', 'is out of resources');
  if (status === 0x0122) return sopClassRefused;
  if (status === 0x0110) return transient('DESTINATION_PROCESSING_FAILED', 'failed to process it');
  return transient('QUERY_REFUSED', 'refuses a question');
}

const moveDestinationUnknown = 0xa801;

/** Of C-MOVE and C-GET (DICOM PS3.4, tables C.4-2 and C.4-3): whatever it says, some images may have come. */
function meaningOfRetrieval(status: number): Meaning {
  if (status === moveDestinationUnknown)
    return configuration(
      'MOVE_DESTINATION_UNKNOWN',
      'does not know the AET to which it is to send: add it to its configuration',
    );
  if (status >> 8 === 0xa7) return transient('DESTINATION_OUT_OF_RESOURCES', 'is out of resources');
  return ambiguous('RETRIEVAL_FAILED', 'did not send all that it was asked for');
}

function meaningOfStatus(status: number, { isRetrieval, isQuery }: DestinationTrouble): Meaning {
  if (isQuery === true) return meaningOfQuery(status);
  return isRetrieval === true ? meaningOfRetrieval(status) : meaningOfStoring(status);
}

function meaningOf(trouble: DestinationTrouble): Meaning {
  const { orthancStatus, details, dimseStatus } = trouble;
  if (dimseStatus !== undefined) return meaningOfStatus(dimseStatus, trouble);
  if (orthancStatus === noPresentationContext) return sopClassRefused;
  if (orthancStatus === inexistentItem)
    return configuration('DESTINATION_UNKNOWN', "is not in Orthanc's configuration");
  if (orthancStatus === badCredentials)
    return configuration('DESTINATION_UNAUTHORIZED', 'refuses the credentials that Orthanc has for it');
  if (orthancStatus === unknownResource)
    return configuration('DESTINATION_ANSWERS_NOT_FOUND', 'answers "not found": a wrong address');
  return (
    meanings.find(([words]) => words.test(details))?.[1] ??
    ambiguous('DESTINATION_FAILED', 'did not do what it was asked for')
  );
}

/** The DIMSE status in Orthanc's words: before 1.12.10 it is told nowhere else. */
function dimseStatusIn(details: string): number | undefined {
  const told = /DIMSE status 0x([0-9a-f]{4})/i.exec(details)?.[1];
  return told === undefined ? undefined : Number.parseInt(told, 16);
}

/** Names what went wrong between Orthanc and a destination. `loss`: what is in doubt when the destination falls silent. */
export function nameDestinationTrouble(
  trouble: DestinationTrouble,
  { destination, loss, facts = {} }: { destination: string; loss: Loss; facts?: FailureDetails['facts'] },
): Failure {
  const dimseStatus = trouble.dimseStatus ?? dimseStatusIn(trouble.details);
  const { make, code, say, scope } = meaningOf({ ...trouble, dimseStatus });
  const status =
    dimseStatus === undefined ? '' : `0x${dimseStatus.toString(16).toUpperCase().padStart(4, '0')}`;
  const details: FailureDetails = {
    facts: {
      ...facts,
      destination,
      orthancStatus: trouble.orthancStatus,
      ...(status && { dimseStatus: status }),
    },
    ...(scope && { scope }),
  };
  const finalMake = make === ambiguousFailure && loss === 'nothing' ? transientFailure : make;
  return finalMake(code, `${destination} ${say}${status && ` (DIMSE status ${status})`}.`, details);
}

/** The source knows no such modality, peer or DICOMweb server. */
export function unknownDestination(destination: string, facts: FailureDetails['facts']): Failure {
  const message = `Orthanc knows no destination named ${destination}: add it to Orthanc's configuration.`;
  return configurationError('DESTINATION_UNKNOWN', message, { facts: { ...facts, destination } });
}
