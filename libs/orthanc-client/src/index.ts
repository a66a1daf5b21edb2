export type { AttachedFile, Belongings, ResourceBelongings } from './belongings.ts';
export type { BelongingsRoutes } from './belongings-routes.ts';
export type { Change, ChangePage } from './changes.ts';
export { connectDicomWebServer } from './dicom-web.ts';
export type { DicomWeb, DicomWebServer } from './dicom-web.ts';
export { hasNoRoomForAll, isFull, sparingOthers, unlessFullAt } from './destination-full.ts';
export type { UnlessFull } from './destination-full.ts';
export type { InstanceChange } from './changed-files.ts';
export type { FoundResource } from './find-resources.ts';
export { firstQuestion } from './first-question.ts';
export { followChanges } from './follow-changes.ts';
export { namedIn } from './jobs.ts';
export type { Job } from './jobs.ts';
export {
  isNewest,
  readLandmarks,
  recognizeLog,
  withPage,
  withoutResources,
  writeLandmarks,
} from './landmarks.ts';
export type { Landmarks } from './landmarks.ts';
export { feedLateChanges, forgetPassedOver, notePassedOver } from './late-changes.ts';
export type { CountedStudy } from './instance-ids-of-each.ts';
export { plainUid } from './instances-of-each.ts';
export { openLentMemory } from './lent-memory.ts';
export type { FoundTags } from './modality-queries.ts';
export { noOutages } from './outages.ts';
export type { Outages } from './outages.ts';
export { receivedIn } from './modality-retrievals.ts';
export type { RetrieveMethod } from './modality-retrievals.ts';
export { connectOrthanc } from './orthanc.ts';
export type { Orthanc } from './orthanc.ts';
export type { OrthancConnection } from './orthanc-connection.ts';
export { connectionFrom, orthancOptions } from './orthanc-options.ts';
export { momentIn } from './listed-studies.ts';
export type { ListedStudy, StudyQuery } from './listed-studies.ts';
export type { Resource, ResourceFacts } from './resources.ts';
export { roundTrip } from './round-trip.ts';
export { refusalIn } from './receipts.ts';
export type { StoreReceipt } from './receipts.ts';
export { splitMultipart } from './split-multipart.ts';
export type { MultipartPart } from './split-multipart.ts';
export type { StoredInstance } from './stored-instances.ts';
export type { ModalitySettings } from './modality-retrievals.ts';
export type { Statistics, SystemFacts } from './system.ts';
export type { StudyHead, StudyPatient } from './studies.ts';
export {
  acquit,
  blame,
  findAway,
  isAccessRefused,
  isInDoubt,
  suspecting,
  whoseFault,
} from './whose-fault.ts';
export type { Suspects } from './whose-fault.ts';
export { uidOfNothing } from './uid-of-nothing.ts';
