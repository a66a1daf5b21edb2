import {
  type Attributes,
  type DicomDictionary,
  type KeywordOf,
  encodeWorklistFile,
  readAttributes,
  toDataSet,
  uidFromHash,
} from '@orthanc-tools/dicom-files';
import { asFailure } from '@orthanc-tools/failures';
import { type OrderIdentity, type ScopedId, nameForDoubt } from './order-identity.ts';
import { scheduledStep } from './scheduled-step.ts';
import { type Worklist, worklistTags } from './worklist-content.ts';

export interface Dictionaries {
  readonly dictionary: DicomDictionary;
  readonly keywordOf: KeywordOf;
}

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
const textOf = (attributes: Attributes, keyword: string): string => listOf(attributes[keyword])[0] ?? '';
const itemOf = (attributes: Attributes, keyword: string): Attributes =>
  (attributes[keyword] as readonly Attributes[] | undefined)?.[0] ?? {};

/**
 * The worklist in a file of that name, if this server wrote it: written anew, it must be the same to the last byte, file header and all. Whatever
 * else lies there under a name of ours is somebody else's, or cannot be kept without loss.
 */
export function readWorklist(
  name: string,
  bytes: Buffer,
  { dictionary, keywordOf }: Dictionaries,
): Worklist | undefined {
  try {
    const { StudyInstanceUID, SpecificCharacterSet, ...attributes } = readAttributes(bytes, keywordOf);
    const terms = listOf(SpecificCharacterSet);
    const worklist = { name, attributes, studyUid: String(StudyInstanceUID), terms };
    const again = encodeWorklistFile(
      toDataSet(worklistTags(worklist, terms), dictionary),
      uidFromHash('worklist', name),
    );
    return again.equals(bytes) ? worklist : undefined;
  } catch (error) {
    if (asFailure(error) === undefined && !(error instanceof RangeError)) throw error;
    return undefined;
  }
}

function scoped(attributes: Attributes, keyword: string, sequence: string): ScopedId | undefined {
  const id = textOf(attributes, keyword);
  return id === ''
    ? undefined
    : { id, scope: textOf(itemOf(attributes, sequence), 'LocalNamespaceEntityID') };
}

/** By what the order of a worklist is known again. Who sent it, the file does not say. */
export function identityOf({ attributes }: Worklist): OrderIdentity {
  const placer = scoped(
    attributes,
    'PlacerOrderNumberImagingServiceRequest',
    'OrderPlacerIdentifierSequence',
  );
  const filler = scoped(
    attributes,
    'FillerOrderNumberImagingServiceRequest',
    'OrderFillerIdentifierSequence',
  );
  const accession = textOf(attributes, 'AccessionNumber');
  const patientId = textOf(attributes, 'PatientID');
  const [alphabetic = ''] = textOf(attributes, 'PatientName').split('=');
  const [family = '', given = ''] = alphabetic.split('^');
  return {
    placer,
    filler,
    accession,
    hasOwnAccession: accession !== '' && accession !== placer?.id && accession !== filler?.id,
    patient:
      patientId === ''
        ? undefined
        : {
            id: patientId,
            scope: textOf(attributes, 'IssuerOfPatientID'),
            name: nameForDoubt(family, given),
            birthDate: textOf(attributes, 'PatientBirthDate'),
          },
    sender: '',
  };
}

export interface FiledStep {
  readonly stepId: string;
  readonly isNamed: boolean;
  readonly date: string;
  readonly time: string;
}

/** A step that is called as its procedure is has, as far as a file can tell, no name of its own. */
export function stepIn({ attributes }: Worklist): FiledStep {
  const step = scheduledStep(attributes);
  const stepId = textOf(step, 'ScheduledProcedureStepID');
  return {
    stepId,
    isNamed: stepId !== textOf(attributes, 'RequestedProcedureID'),
    date: textOf(step, 'ScheduledProcedureStepStartDate'),
    time: textOf(step, 'ScheduledProcedureStepStartTime'),
  };
}
