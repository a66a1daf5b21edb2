export { synthesizeArchive } from './archive/synthesize-archive.ts';
export type { SyntheticSeries, SyntheticStudy } from './archive/synthesize-archive.ts';
export type { InstanceIdentifiers, SyntheticInstance } from './archive/instance.ts';
export type { SyntheticPatient } from './archive/patient.ts';
export type { ArchiveRequest, CountRange } from './archive/request.ts';
export { syntheticPatientNames } from './archive/synthetic-patient-names.ts';
export { openTransferSyntax } from './pixels/transfer-syntax-writers.ts';
export type { TransferSyntaxName, TransferSyntaxWriter } from './pixels/transfer-syntax-writers.ts';
export type { Script } from './people/scripts.ts';
