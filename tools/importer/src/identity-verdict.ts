import { type Failure, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { LedgerView } from '@orthanc-tools/work-ledger';
import { awaitsVerdict } from './await-verdict.ts';
import type { Identity } from './identify.ts';
import { type PatientAttribute, differingIdentities } from '@orthanc-tools/copy-proof';

/** The same PatientID stands for different persons. */
export interface IdentityVerdict {
  readonly differ: readonly PatientAttribute[];
  /** Where the difference shows; the folder goes before Orthanc. */
  readonly where: 'in the folder' | 'at Orthanc';
  /** Whom Orthanc knows under this PatientID. */
  readonly held?: string;
}

/** Of what the files say, in whatever order, and what Orthanc says; undefined where that is no contradiction. */
export function judgeIdentity(
  inFolder: Iterable<string>,
  held: string | undefined,
): IdentityVerdict | undefined {
  const said = [...inFolder];
  const known = held === undefined ? {} : { held };
  const among = differingIdentities(said);
  if (among.length > 0) return { differ: among, where: 'in the folder', ...known };
  const differ = said.length === 0 || held === undefined ? [] : differingIdentities([...said, held]);
  return differ.length === 0 ? undefined : { differ, where: 'at Orthanc', ...known };
}

/** As the ledger keeps it. */
export const writeVerdict = (verdict: IdentityVerdict | undefined): string =>
  verdict === undefined ? '' : JSON.stringify(verdict);

export function verdictOn(
  ledger: Pick<LedgerView, 'verdict'>,
  patientId: string | undefined,
): IdentityVerdict | undefined {
  const text = patientId === undefined ? undefined : ledger.verdict(patientId);
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as IdentityVerdict);
}

export const identityConflict = 'IDENTITY_CONFLICT';

/** For people; without a name, a date or a PatientID. */
export const tellVerdict = ({ differ, where }: IdentityVerdict, patientId: string): string =>
  `The same PatientID bears another ${differ.join(' and another ')} ${where}: patient ${patientId}.`;

/** Why an instance must not be stored; undefined when it may. */
export type IdentityGuard = (identity: Identity | undefined) => Failure | undefined;

/**
 * Whom Orthanc knows is who the patient is; where it knows nobody, no file of the patient can be trusted. What nobody had said
 * when the patient was judged, as the file has changed since, has to be judged first.
 */
export const identityGuard =
  (ledger: Pick<LedgerView, 'verdict' | 'isJudged'>): IdentityGuard =>
  (identity) => {
    const patientId = identity?.patientId;
    if (patientId === undefined) return undefined;
    if (!ledger.isJudged(patientId, identity?.person))
      return transientFailure(awaitsVerdict.code, awaitsVerdict.reason);
    const verdict = verdictOn(ledger, patientId);
    if (verdict === undefined) return undefined;
    const { held } = verdict;
    const person = identity?.person;
    const isTheOneHeld =
      held !== undefined && person !== undefined && differingIdentities([held, person]).length === 0;
    return isTheOneHeld ? undefined : permanentFailure(identityConflict, tellVerdict(verdict, patientId));
  };
