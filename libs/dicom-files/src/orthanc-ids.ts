import { hash } from 'node:crypto';

declare const brand: unique symbol;
/** Orthanc's own identifier of a patient, study, series or instance: five groups of eight hexadecimal digits. */
export type OrthancId = string & { readonly [brand]: 'OrthancId' };

/** The four values that identify an instance, decoded to text. An absent PatientID counts as empty. */
export interface DicomIdentifiers {
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

export interface OrthancIds {
  readonly patient: OrthancId;
  readonly study: OrthancId;
  readonly series: OrthancId;
  readonly instance: OrthancId;
}

const pattern = /^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/;

export const isOrthancId = (text: string): text is OrthancId => pattern.test(text);

const identifierOf = (text: string): OrthancId => {
  const digest = hash('sha1', text, 'hex');
  const groups = [0, 8, 16, 24, 32].map((start) => digest.slice(start, start + 8));
  return groups.join('-') as OrthancId;
};

// As DCMTK hands values to Orthanc: up to the first NUL, without trailing blanks. Leading blanks and control characters
// of a PatientID stay and count, those of a UID do not.
const stripEnd = (value: string): string => value.replace(/\0.*$/s, '').replace(/ +$/, '');
const stripUid = (value: string): string => stripEnd(value).replace(/^ +/, '');

/** The identifiers that Orthanc computes: SHA-1 of the UTF-8 identifiers joined by `|`, without their padding. */
export const orthancIds = (identifiers: DicomIdentifiers): OrthancIds => {
  const patient = stripEnd(identifiers.patientId);
  const study = `${patient}|${stripUid(identifiers.studyInstanceUid)}`;
  const series = `${study}|${stripUid(identifiers.seriesInstanceUid)}`;
  return {
    patient: identifierOf(patient),
    study: identifierOf(study),
    series: identifierOf(series),
    instance: identifierOf(`${series}|${stripUid(identifiers.sopInstanceUid)}`),
  };
};
