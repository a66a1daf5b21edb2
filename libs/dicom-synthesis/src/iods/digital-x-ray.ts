import type { Attributes } from '@orthanc-tools/dicom-files';

/** What DX and mammography have in common (PS3.3 C.8.11), apart from region, view and laterality. */
export const digitalXRay = ({
  rows,
  columns,
  widthMm,
}: {
  readonly rows: number;
  readonly columns: number;
  readonly widthMm: number;
}): Attributes => ({
  PresentationIntentType: 'FOR PRESENTATION',
  ImageType: ['ORIGINAL', 'PRIMARY', ''],
  Manufacturer: 'Synthetic Imaging',
  AcquisitionContextSequence: { vr: 'SQ', value: [] },
  DetectorType: 'SCINTILLATOR',
  DetectorConfiguration: 'AREA',
  DetectorID: 'SYN-1',
  ImagerPixelSpacing: [widthMm / rows, widthMm / columns],
  PixelIntensityRelationship: 'LOG',
  PixelIntensityRelationshipSign: { vr: 'SS', value: -1 },
  RescaleIntercept: 0,
  RescaleSlope: 1,
  RescaleType: 'US',
  PresentationLUTShape: 'IDENTITY',
  LossyImageCompression: '00',
  BurnedInAnnotation: 'YES',
  WindowCenter: 1800,
  WindowWidth: 3200,
});
