import { type WorkLedger, eachRemembered } from '@orthanc-tools/work-ledger';

/** What was equal on both sides when they were last compared: digests by the keys of belongings. */
export interface BelongingsMemory {
  read(studyId: string, patientIds: readonly string[]): ReadonlyMap<string, string>;
  /** In place of what was known of the study and of its patient. */
  write(studyId: string, patientIds: readonly string[], digests: ReadonlyMap<string, string>): void;
}

const patientCursor = (patientId: string) => `belongings of patient ${patientId}`;
const ofPatient = (patientId: string) => (key: string) => key.startsWith(`patients/${patientId}/`);

/** In the ledger: of a study beside its item; of a patient, who may have several studies, under a cursor. */
export function belongingsMemory(ledger: WorkLedger): BelongingsMemory {
  const readStudy = (studyId: string) => {
    const digests = new Map<string, string>();
    for (const { part, note } of eachRemembered(ledger, studyId))
      if (isBelonging(part)) digests.set(part, note);
    return digests;
  };
  const readPatient = (patientId: string): [string, string][] =>
    JSON.parse(ledger.cursor(patientCursor(patientId)) ?? '[]') as [string, string][];
  return {
    read: (studyId, patientIds) =>
      new Map([...readStudy(studyId), ...patientIds.flatMap((patientId) => readPatient(patientId))]),
    write(studyId, patientIds, digests) {
      const before = readStudy(studyId);
      const own = [...digests].filter(([key]) => !key.startsWith('patients/'));
      const news = own.filter(([key, digest]) => before.get(key) !== digest);
      if (news.length > 0)
        ledger.remember(
          studyId,
          news.map(([part, note]) => ({ part, note })),
        );
      const gone = [...before.keys()].filter((key) => !digests.has(key));
      if (gone.length > 0) ledger.forget(studyId, gone);
      for (const patientId of patientIds) {
        const isTheirs = ofPatient(patientId);
        const value = JSON.stringify([...digests].filter(([key]) => isTheirs(key)));
        if (value !== JSON.stringify(readPatient(patientId)))
          ledger.setCursor(patientCursor(patientId), value);
      }
    },
  };
}

/** A ledger may remember other parts of a study too. */
const isBelonging = (part: string): boolean => /^(studies|series|instances)\//.test(part);
