import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { type RunContext, patiently } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { identityConflict, judgeIdentity, tellVerdict, writeVerdict } from './identity-verdict.ts';
import { patientIdentity, saysNothing } from '@orthanc-tools/copy-proof';

/** So many are asked for at once. */
const pageSize = 500;
/** So many conflicts are logged one by one; the others are counted. */
const mostLogged = 20;

/** Judges each patient of whom something new was said or who is to be judged again, and each of those found in conflict before. */
export async function judgePatients(orthanc: Orthanc, ledger: WorkLedger, run: RunContext): Promise<void> {
  let logged = 0;
  let after: string | undefined;
  while (!run.signal.aborted) {
    const page = ledger.openSubjects({ limit: pageSize, ...(after === undefined ? {} : { after }) });
    const ids = page.map(({ subject }) => subject);
    const held = await patiently(() => heldIdentities(orthanc, ids, run.signal), run);
    if (held === undefined) return;
    for (const { subject, verdict: before } of page) {
      const verdict = judgeIdentity(ledger.valuesOf(subject), held.get(subject));
      const text = writeVerdict(verdict);
      if (text === before) continue;
      ledger.judge(subject, text);
      if (verdict !== undefined && ++logged <= mostLogged)
        run.log.warn('patient.in_conflict', {
          orthancId: subject,
          code: identityConflict,
          message: tellVerdict(verdict, subject),
        });
    }
    after = ids.at(-1);
    if (page.length < pageSize) break;
  }
  if (logged > mostLogged) run.log.warn('patients.in_conflict', { patients: ledger.verdictCount() });
  ledger.flush();
}

/** Whom Orthanc knows under these patients' identifiers; of others nothing is told. */
async function heldIdentities(
  orthanc: Orthanc,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const patients = await orthanc.resources.facts('Patient', ids, signal);
  const identities = patients.map(({ id, tags }) => {
    const said = { name: tags['PatientName'] ?? '', birthDate: tags['PatientBirthDate'] ?? '' };
    return [id, patientIdentity(said)] as const;
  });
  return new Map(identities.filter(([, identity]) => !saysNothing(identity)));
}
