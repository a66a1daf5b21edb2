import type { Attributes } from '@orthanc-tools/dicom-files';
import { timeOf } from '../calendar.ts';
import { bytesPerPixel } from '../pixels/transfer-syntax-writers.ts';
import type { SeriesPlan } from './series-plan.ts';
import type { StudyPlan } from './study-plan.ts';

const studyAttributes = (study: StudyPlan): Attributes => ({
  SpecificCharacterSet: study.patient.names.characterSet,
  StudyDate: study.date,
  StudyTime: timeOf(study.begin),
  AccessionNumber: study.accessionNumber,
  InstitutionName: study.hospital,
  ReferringPhysicianName: study.referringPhysician,
  StudyDescription: study.protocol.study,
  PatientName: study.patient.name,
  PatientID: study.patient.patientId,
  PatientBirthDate: study.patient.birthDate,
  PatientSex: study.patient.sex,
  PatientAge: study.age,
  StudyInstanceUID: study.studyInstanceUid,
  StudyID: study.studyId,
});

const imageAttributes = ({ study, rows, columns, frames }: SeriesPlan): Attributes => {
  const { image } = study.iod;
  if (image === undefined) return {};
  return {
    AcquisitionDate: study.date,
    NumberOfFrames: image.frames === undefined ? undefined : frames,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: bytesPerPixel(image.bitsStored) * 8,
    BitsStored: image.bitsStored,
    HighBit: image.bitsStored - 1,
    PixelRepresentation: 0,
  };
};

/** Everything that the instances of a series have in common, by keyword. */
export const seriesAttributes = (plan: SeriesPlan): Attributes => {
  const { study } = plan;
  return {
    ...studyAttributes(study),
    SOPClassUID: study.iod.sopClassUid,
    SeriesDate: study.date,
    ContentDate: study.date,
    SeriesTime: timeOf(plan.begin),
    Modality: study.iod.modality,
    StationName: `${study.iod.modality}1`,
    SeriesDescription: plan.description,
    DeviceSerialNumber: String(1000 + (plan.study.index % 7)),
    SoftwareVersions: '1.0',
    ProtocolName: study.protocol.study,
    SeriesInstanceUID: plan.seriesInstanceUid,
    SeriesNumber: plan.number,
    ...(study.iod.kind !== 'document' && {
      PerformingPhysicianName: study.performingPhysician,
      BodyPartExamined: study.protocol.bodyPart,
    }),
    ...(study.iod.kind === 'slices' && {
      FrameOfReferenceUID: plan.frameOfReferenceUid,
      PositionReferenceIndicator: [],
    }),
    ...imageAttributes(plan),
    ...plan.content.attributes,
  };
};
