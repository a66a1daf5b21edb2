/** What this run has done. */
export interface RunTotals {
  studies: number;
  fetchedImages: number;
  sentImages: number;
  /** Were at the destination before, and nobody has compared them; none of them is among those proved. */
  alreadyThereImages: number;
  provedImages: number;
  deletedInstances: number;
  stalledTransfers: number;
  identityConflicts: number;
  /** Gone from Orthanc before they were migrated. */
  vanishedStudies: number;
}

export const noTotals = (): RunTotals => ({
  studies: 0,
  fetchedImages: 0,
  sentImages: 0,
  alreadyThereImages: 0,
  provedImages: 0,
  deletedInstances: 0,
  stalledTransfers: 0,
  identityConflicts: 0,
  vanishedStudies: 0,
});
