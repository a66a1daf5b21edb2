import type { Failure } from '@orthanc-tools/failures';
import type { Testimony } from '@orthanc-tools/work-ledger';

/** What became of something that was read: of a file, or of a member of an archive. */
export type Outcome = Settled | Refused;

export interface Known {
  /** Orthanc's identifier of the instance. */
  readonly id?: string | undefined;
  /** Of its study. */
  readonly studyId?: string | undefined;
  readonly size: number;
  readonly md5?: string | undefined;
  /** Orthanc's identifier of the patient. */
  readonly patientId?: string | undefined;
  /** See `patientIdentity`. */
  readonly person?: string | undefined;
}

export interface Settled extends Known {
  readonly status: 'stored' | 'already-there' | 'not-dicom' | 'skipped' | 'vanished' | 'waiting';
  readonly proof: 'id+md5' | 'id+content' | 'id' | 'none';
  /** Why it was not stored, or what a person should know of it. */
  readonly code?: string;
  readonly reason?: string;
  /** What the file is known by from now on, in place of how it was found. */
  readonly mark?: string;
  /** Of what vanished: nobody had found it a second time as it was, or looked into it. */
  readonly isPassing?: boolean;
}

export interface Refused extends Known {
  readonly status: 'refused';
  readonly failure: Failure;
  /** It was not tried, only looked for: no attempt is lost. */
  readonly isAwaited?: boolean;
}

/** What the ledger keeps of an outcome, for the manifest. */
export interface OutcomeNote {
  readonly status: string;
  readonly id?: string | undefined;
  readonly studyId?: string | undefined;
  readonly patientId?: string | undefined;
  /** Of an archive: how many PDFs in it were listed, or wait, as none was to become an instance yet. */
  readonly pdfs?: number | undefined;
  readonly size: number;
  readonly md5?: string | undefined;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  /** See `Settled`. */
  readonly isPassing?: boolean | undefined;
}

export function noteOf(outcome: Outcome): OutcomeNote {
  const { id, studyId, patientId, size, md5 } = outcome;
  if (outcome.status !== 'refused') {
    const { status, code, reason, isPassing } = outcome;
    return { status, id, studyId, patientId, size, md5, code, reason, isPassing };
  }
  const { code, message } = outcome.failure;
  const status = code === 'INSTANCE_FILTERED' ? 'filtered' : 'refused';
  return { status, id, studyId, patientId, size, md5, code, reason: message };
}

/** What images say of their patients. */
export const testimoniesOf = (images: readonly Pick<Known, 'patientId' | 'person'>[]): readonly Testimony[] =>
  images.flatMap(({ patientId, person }) =>
    patientId === undefined || person === undefined ? [] : [{ subject: patientId, value: person }],
  );

export const aside = (
  status: 'not-dicom' | 'skipped' | 'vanished',
  size: number,
  [code, reason]: readonly [code: string, reason: string],
): Settled => ({
  status,
  proof: 'none',
  size,
  code,
  reason,
  // Should it come back, it is to be looked at, also when it looks as before.
  ...(status === 'vanished' ? { mark: '' } : {}),
});

/** Whether all that was read is proved to be at Orthanc. */
export const isProved = (outcome: Outcome): boolean =>
  outcome.status !== 'refused' &&
  isInstance(outcome) &&
  (outcome.proof === 'id+md5' || outcome.proof === 'id+content');

export const isInstance = ({ status }: Outcome): boolean => status === 'stored' || status === 'already-there';
