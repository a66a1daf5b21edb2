import { type Deletion, deleteProved, isSameFile } from '@orthanc-tools/copy-proof';
import { type NamedInstance, instancesOf } from './arrival.ts';
import { type Judged, type SendRequest, ambiguousAmong, askHeld, verdictOn } from './send-study.ts';
import { sentByUs } from './sending-notes.ts';
import type { StudyContext } from './study-context.ts';
import { tellStep } from './study-steps.ts';

/**
 * Deletes from Orthanc what is proved at the destination, instance by instance, while it still is what was proved, and
 * while the destination still says so. Whatever arrived meanwhile stays.
 */
export async function deleteStudy(
  judged: readonly Judged[],
  request: SendRequest,
  context: StudyContext,
): Promise<Deletion<NamedInstance>> {
  const { key, studyInstanceUid, receiver, signal } = request;
  const { orthanc, ledger, log } = context;
  const proved = new Map(
    judged.filter(({ verdict }) => verdict.is === 'proved').map(({ instance }) => [instance.id, instance]),
  );
  let present: readonly NamedInstance[] = [];
  tellStep(log, 'delete', { study: key });
  return deleteProved(orthanc, {
    list: async () => (present = await instancesOf(orthanc, studyInstanceUid, signal)),
    choose: (held) => held.filter((instance) => isSame(instance, proved.get(instance.id))),
    confirm: async (instances) => {
      const witness = await receiver.lane(() => receiver.witness(signal));
      if (witness === undefined) return new Set();
      const held = await askHeld(witness, instances, request);
      const ours = sentByUs(key, instances, ledger);
      const ambiguous = ambiguousAmong(present, witness);
      return new Set(
        instances
          .filter((instance) => verdictOn(instance, { held, witness, ours, ambiguous }).is === 'proved')
          .map(({ id }) => id),
      );
    },
    signal,
  });
}

const isSame = (instance: NamedInstance, proved: NamedInstance | undefined): boolean =>
  proved !== undefined && isSameFile(instance, proved);
