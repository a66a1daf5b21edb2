import { type Failure, asFailure } from '@orthanc-tools/failures';
import { blame } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { answerForGone } from './answer-for-gone.ts';
import { concludeStudy } from './conclude-study.ts';
import { describeStudy } from './describe-study.ts';
import { faultOnTheWay } from './fault-of-modality.ts';
import { hoursEnded } from './follow-transfer.ts';
import { type DescribedStudy, type StudyContext, nothingKnownOf } from './study-context.ts';
import { tellStep } from './study-steps.ts';
import { visitStudy } from './visit-study.ts';

/** Migrates one study, from the list of its images at the source to the answer in the ledger. */
export async function migrateStudy(claim: Claim, hand: Hand, context: StudyContext): Promise<void> {
  const since = performance.now();
  let study: DescribedStudy | undefined;
  try {
    tellStep(context.log, 'list at the source', { study: claim.key });
    study = await describeStudy(claim.key, context, hand.signal);
    if (study === undefined) await answerForGone(claim, hand, context);
    else concludeStudy({ claim, hand, study, visit: await visitStudy(study, { hand, context }) }, context);
  } catch (error) {
    if (asFailure(error)?.code === hoursEnded) {
      hand.release(claim);
      return;
    }
    const question = { key: claim.key, signal: hand.signal };
    const failure = await faultOnTheWay(await blame(error, context.suspects, since), question, context);
    if (failure.scope === 'run') throw failure;
    if (hand.reschedule(claim, failure) === 'set aside') tellSetAside(claim, failure, { study, context });
  }
}

function tellSetAside(
  { key, attempt }: Claim,
  { code }: Failure,
  { study, context }: { readonly study: DescribedStudy | undefined; readonly context: StudyContext },
): void {
  context.log.warn('study.set_aside', { study: key, code, attempt });
  context.metrics.countItem('set_aside');
  context.errorLog?.(study ?? nothingKnownOf(key));
}
