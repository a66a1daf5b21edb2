import { synthesizePatient } from './patient.ts';
import type { ArchiveRequest } from './request.ts';
import { patientNumberOf } from './visits.ts';

/**
 * Each name that the archive's patients bear, one entry per component group (`Yamada^Tarou`, `山田^太郎`):
 * what must not be found in a log.
 */
export const syntheticPatientNames = (request: ArchiveRequest): string[] => {
  const first = request.firstStudy ?? 0;
  const numbers = new Set(
    Array.from({ length: request.studies }, (_, at) => patientNumberOf(request.seed, first + at)),
  );
  const names = [...numbers].flatMap((patient) => synthesizePatient(request, patient).name.split('='));
  return [...new Set(names)].sort();
};
