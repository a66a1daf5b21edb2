import { nameOf } from '@orthanc-tools/tool-options';
import type { DeletionTally } from '../delete/deletion-tally.ts';
import type { CleaningResult } from './clean-once.ts';

type Ended = Pick<CleaningResult, 'fuse'> & {
  readonly deletion: Pick<DeletionTally, 'failures' | 'left' | 'tornStudies' | 'endedBy'>;
};

const endings = {
  hours: 'the running hours are over, and the rest is left for the next run',
  orthanc: 'Orthanc stayed away, and the rest is left for the next run',
  rules: 'the rules were changed meanwhile, and the rest is left for the next run',
  configuration: 'something that does not pass by itself ended the run (see "deletion.ended" in the log)',
  interruption: undefined,
} as const;

/** What somebody should look at after a run; undefined where nothing is. Pure. */
export function attentionOf({ fuse, deletion }: Ended): string | undefined {
  const { failures, left, tornStudies, endedBy } = deletion;
  const lacking = left.get('not elsewhere') ?? 0;
  const differing = left.get('other bytes elsewhere') ?? 0;
  const points = [
    fuse && `nothing was deleted, as more is due than ${nameOf(fuse)} allows`,
    failures.size > 0 && `${counted(failures.size)} not done, and "orthanc-cleaner status" names them`,
    tornStudies > 0 && `${counted(tornStudies)} deleted in part only (see "study.torn" in the log)`,
    lacking > 0 && `${counted(lacking)} left, as the other place lacks them (see "study.left" in the log)`,
    differing > 0 &&
      `${counted(differing)} left, as the other place has ${differing === 1 ? 'it' : 'them'} with other bytes, as after C-STORE (see "study.left" in the log)`,
    endedBy && endings[endedBy],
  ].filter((point) => typeof point === 'string');
  return points.length === 0 ? undefined : `Finished, and somebody should look: ${points.join('; ')}.`;
}

/** The verb is that of one or of several. */
const counted = (studies: number): string =>
  studies === 1 ? '1 study was' : `${studies.toLocaleString('en-US')} studies were`;
