import { transientFailure } from '@orthanc-tools/failures';
import { type Orthanc, uidOfNothing } from '@orthanc-tools/orthanc-client';
import { probeModality } from './ask-modality.ts';
import { existing } from './existing.ts';
import type { Witness } from './witness.ts';

export interface CommitmentPatience {
  readonly clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** How long the modality may take to report, in ms; 60,000 by default. */
  readonly patience?: number;
}

const pollEvery = 200;
const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';

/** A modality of the source that offers storage commitment: it answers for what it holds. */
export function askCommitment(source: Orthanc, alias: string, waiting: CommitmentPatience): Witness {
  const nothing = [{ sopClassUid: ctImageStorage, sopInstanceUid: uidOfNothing }];
  return {
    kind: 'commitment',
    // Of use is only who says in time, and clearly, that something is not there.
    probe: (signal) =>
      probeModality(source, alias, async () => {
        const transaction = await source.modalities.requestCommitment(alias, nothing, { signal });
        const report = await reportOn(source, transaction, { ...waiting, signal });
        checkReport(report, [uidOfNothing], alias);
      }),
    held: async ({ instances, signal }) => {
      if (instances.length === 0) return new Map();
      const ids = instances.map(({ id }) => id);
      const transaction = await source.modalities.requestCommitment(alias, ids, { signal });
      const report = await reportOn(source, transaction, { ...waiting, signal });
      checkReport(
        report,
        instances.map(({ sopInstanceUid }) => sopInstanceUid),
        alias,
      );
      return existing(instances, new Set(report.committed));
    },
  };
}

type Report = Awaited<ReturnType<Orthanc['modalities']['commitment']>>;

/** Reason of a refusal (DICOM PS3.3, C.14.1.1): no such object instance. */
const noSuchInstance = 0x0112;

/** Only "no such instance" says that it is not there: whatever else is not committed may well be. */
function checkReport(report: Report, uids: readonly string[], alias: string): void {
  const settled = new Set(report.committed);
  for (const { sopInstanceUid, reason } of report.refused)
    if (reason === noSuchInstance) settled.add(sopInstanceUid);
  const open = uids.filter((uid) => !settled.has(uid)).length;
  if (open === 0) return;
  const message = `${alias} neither takes responsibility for ${String(open)} instances nor says that it has none such.`;
  throw transientFailure('COMMITMENT_UNCLEAR', message, { facts: { destination: alias, instances: open } });
}

async function reportOn(
  source: Orthanc,
  transaction: string,
  { clock, patience = 60_000, signal }: CommitmentPatience & { signal: AbortSignal | undefined },
): Promise<Report> {
  for (let waited = 0; ; waited += pollEvery) {
    const report = await source.modalities.commitment(transaction, signal);
    if (report.status !== 'Pending') return report;
    if (waited >= patience) {
      const message = 'The modality has not reported on a storage commitment in time.';
      throw transientFailure('COMMITMENT_PENDING', message, { facts: { transaction } });
    }
    await clock.sleep(pollEvery, signal);
  }
}
