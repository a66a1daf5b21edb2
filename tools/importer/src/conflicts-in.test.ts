import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import { patientsInConflict } from './conflicts-in.ts';
import { writeVerdict } from './identity-verdict.ts';

const numbered = (at: number): string => `p${String(at).padStart(4, '0')}`;

it('names every patient in conflict, however many were looked at, and nobody else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conflicts-'));
  try {
    using ledger = openLedger(join(folder, 'l.sqlite'));
    const patients = Array.from({ length: 1200 }, (_, at) => numbered(at));
    ledger.enqueue(patients.map((key) => ({ key })));
    for (const claim of ledger.claimNext(Date.now(), patients.length))
      ledger.settle(claim, {
        ...{ outcome: 'stored', proof: 'id', parts: 1, bytes: 1 },
        testimonies: [{ subject: claim.key, value: 'x' }],
      });
    const inConflict = [numbered(3), numbered(1100)];
    for (const patient of [...inConflict, numbered(7)])
      ledger.judge(
        patient,
        writeVerdict(inConflict.includes(patient) ? { differ: ['name'], where: 'in the folder' } : undefined),
      );
    expect([...patientsInConflict(ledger)]).toEqual(inConflict);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
