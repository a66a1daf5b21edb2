import type { IdentityConflict } from '@orthanc-tools/sign-off';
import { type LedgerView, eachRow } from '@orthanc-tools/work-ledger';
import { verdictOn } from './identity-verdict.ts';

const pageSize = 500;

type Read = Pick<LedgerView, 'openSubjects' | 'verdict'>;

/** Every patient, by Orthanc's identifier, who bears another name or birth date somewhere; memory holds a page. */
export function* conflictsIn(ledger: Read): Generator<IdentityConflict> {
  const subjects = eachRow(
    (page) => ledger.openSubjects(page),
    ({ subject }) => subject,
    { pageSize },
  );
  for (const { subject } of subjects) {
    const verdict = verdictOn(ledger, subject);
    if (verdict !== undefined) yield { of: subject, differ: verdict.differ };
  }
}

/** Their identifiers. */
export function* patientsInConflict(ledger: Read): Generator<string> {
  for (const { of } of conflictsIn(ledger)) yield of;
}
