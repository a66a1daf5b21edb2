import type { DoctorFinding } from '@orthanc-tools/tool-runtime';

/** Findings about one thing. */
export const finderFor =
  (subject: string) =>
  (check: string, verdict: DoctorFinding['verdict'], found: string, remedy?: string): DoctorFinding => ({
    subject,
    check,
    verdict,
    found,
    ...(remedy === undefined ? {} : { remedy }),
  });
