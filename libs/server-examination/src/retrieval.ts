import type { Finding } from '@orthanc-tools/failures';
import { type Orthanc, uidOfNothing } from '@orthanc-tools/orthanc-client';
import { type Find, asFinding } from './finding.ts';

type Modalities = Orthanc['modalities'];
type JobWatch = Parameters<Orthanc['jobs']['wait']>[1];

export interface RetrievalLook {
  readonly orthanc: Pick<Orthanc, 'modalities' | 'jobs'>;
  /** As Orthanc calls the modality. */
  readonly alias: string;
  readonly method: Parameters<Modalities['retrieve']>[1];
  /** AET to which C-MOVE is to send; Orthanc's own by default. */
  readonly targetAet?: string | undefined;
  readonly watch: JobWatch;
  readonly find: Find;
  readonly remedy: string;
}

/**
 * Whether a modality would send what is asked for, by asking for a study that nobody has: nothing is fetched. A refusal of the
 * target (0xA801), or of the association, is certain. Anything else is not: Orthanc, for one, answers 0xC000 to whatever it does
 * not find, and others where they do not know the AET.
 */
export function retrievalFinding(look: RetrievalLook): Promise<Finding> {
  const { orthanc, alias, method, targetAet, watch, find, remedy } = look;
  const check = method === 'move' ? 'C-MOVE' : 'C-GET';
  const target = targetAet ?? 'Orthanc';
  return asFinding(
    async () => {
      const id = await orthanc.modalities.retrieve(alias, method, {
        level: 'Study',
        resources: [{ StudyInstanceUID: uidOfNothing }],
        targetAet,
        timeoutSeconds: 10,
        signal: watch.signal,
      });
      const { failure } = await orthanc.jobs.wait(id, watch);
      if (failure === undefined) return find(check, 'ok', `to ${target}: accepted`);
      const isCertain = failure.kind === 'configuration' || failure.scope === 'run';
      return isCertain
        ? find(check, 'problem', failure.message, remedy)
        : find(check, 'unknown', doubt(target, failure.message), remedy);
    },
    ({ message }) => find(check, 'problem', message, remedy),
  );
}

const doubt = (target: string, message: string): string =>
  `to ${target}: asked for a study that nobody has, some answer so, and others where they do not know the AET: ${message}`;
