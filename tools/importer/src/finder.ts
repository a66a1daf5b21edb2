import type { DoctorFinding } from '@orthanc-tools/tool-runtime';

type Verdict = DoctorFinding['verdict'];

/** Makes findings about one subject. */
export const finderFor =
  (subject: string) =>
  (check: string, verdict: Verdict, found: string, remedy?: string): DoctorFinding => ({
    subject,
    check,
    verdict,
    found,
    ...(remedy === undefined ? {} : { remedy }),
  });
