import {
  encodePart10,
  loadDictionary,
  toDataSet,
  transferSyntaxes,
  uidFromHash,
} from '@orthanc-tools/dicom-files';
import type { Attributes, SopInstanceUid } from '@orthanc-tools/dicom-files';
import { syntheticInstance } from '../archive/instance.ts';
import type { SyntheticInstance } from '../archive/instance.ts';
import type { EdgeCaseName } from './catalogue.ts';

const dictionary = await loadDictionary();

/** From which everything that no case touches follows. */
export interface EdgePlace {
  readonly seed: string | number;
  readonly name: EdgeCaseName;
  /** 1 for the first of the case. */
  readonly study: number;
  /** 1 for the first of the series. */
  readonly instance: number;
}

/** What a case makes of a plain image. */
export interface EdgeFile {
  readonly attributes?: Attributes;
  readonly transferSyntaxUid?: string;
  /** What no correct encoder writes is done to the bytes. */
  readonly spoil?: (file: Buffer) => Buffer;
}

const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
/** (7FE0,0010): a header of 12 bytes in explicit VR and the four pixels of every plain image, the last element. */
export const pixelDataLength = 16;

const uidAt = ({ seed, name, study }: EdgePlace, ...level: (string | number)[]): string =>
  uidFromHash(seed, 'edge case', name, study, ...level);

export const plainAttributes = (place: EdgePlace) => ({
  SpecificCharacterSet: 'ISO_IR 192',
  SOPClassUID: secondaryCapture,
  SOPInstanceUID: uidAt(place, 'instance', place.instance),
  StudyDate: '20240131',
  StudyTime: '093015',
  AccessionNumber: `EDGE${uidAt(place, 'accession').slice(5, 14)}`,
  Modality: 'OT',
  ConversionType: 'SYN',
  ReferringPhysicianName: [],
  StudyDescription: `Edge case ${place.name}`,
  PatientName: 'Edge^Case',
  PatientID: `EDGE-${uidAt(place, 'patient').slice(5, 14)}`,
  PatientBirthDate: '19700101',
  PatientSex: 'O',
  StudyInstanceUID: uidAt(place, 'study'),
  SeriesInstanceUID: uidAt(place, 'series'),
  StudyID: String(place.study),
  SeriesNumber: 1,
  InstanceNumber: place.instance,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: 2,
  Columns: 2,
  BitsAllocated: 8,
  BitsStored: 8,
  HighBit: 7,
  PixelRepresentation: 0,
  PixelData: { vr: 'OB', value: Uint8Array.of(0, 85, 170, 255) },
});

const textOf = (attributes: Attributes, keyword: string): string => {
  const value = attributes[keyword];
  return typeof value === 'string' ? value : '';
};

export const identifiersOf = (attributes: Attributes) => ({
  patientId: textOf(attributes, 'PatientID'),
  studyInstanceUid: textOf(attributes, 'StudyInstanceUID'),
  seriesInstanceUid: textOf(attributes, 'SeriesInstanceUID'),
  sopInstanceUid: textOf(attributes, 'SOPInstanceUID') as SopInstanceUid,
});

export const attributesOf = (place: EdgePlace, file: EdgeFile): Attributes => ({
  ...plainAttributes(place),
  ...file.attributes,
});

export const edgeInstance = (place: EdgePlace, file: EdgeFile): SyntheticInstance => {
  const attributes = attributesOf(place, file);
  const transferSyntaxUid = file.transferSyntaxUid ?? transferSyntaxes.explicitLittleEndian;
  const whole = encodePart10(toDataSet(attributes, dictionary), transferSyntaxUid);
  return syntheticInstance({
    bytes: file.spoil?.(whole) ?? whole,
    identifiers: identifiersOf(attributes),
    sopClassUid: secondaryCapture,
    transferSyntaxUid,
    instanceNumber: place.instance,
  });
};
