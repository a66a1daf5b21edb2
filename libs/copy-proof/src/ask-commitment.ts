import { transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { probeModality, uidOfNothing } from './ask-modality.ts';
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
    probe: (signal) =>
      probeModality(source, alias, () => source.modalities.requestCommitment(alias, nothing, { signal })),
    held: async ({ instances, signal }) => {
      if (instances.length === 0) return new Map();
      const ids = instances.map(({ id }) => id);
      const transaction = await source.modalities.requestCommitment(alias, ids, { signal });
      return existing(instances, await committed(source, transaction, { ...waiting, signal }));
    },
  };
}

async function committed(
  source: Orthanc,
  transaction: string,
  { clock, patience = 60_000, signal }: CommitmentPatience & { signal: AbortSignal | undefined },
): Promise<ReadonlySet<string>> {
  for (let waited = 0; ; waited += pollEvery) {
    const report = await source.modalities.commitment(transaction, signal);
    if (report.status !== 'Pending') return new Set(report.committed);
    if (waited >= patience) {
      const message = 'The modality has not reported on a storage commitment in time.';
      throw transientFailure('COMMITMENT_PENDING', message, { facts: { transaction } });
    }
    await clock.sleep(pollEvery, signal);
  }
}
