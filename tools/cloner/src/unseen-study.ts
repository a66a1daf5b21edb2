import type { Witness } from '@orthanc-tools/copy-proof';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import { type UnseenVerdict, type Word, judgeUnseen } from './judge-unseen.ts';
import { type RememberedSet, provedAs, rememberedSet } from './remembered-set.ts';
import type { StudyMemory } from './study-memory.ts';

/** A study of the source, and what is remembered of its instances at a destination that shows no files. */
export interface UnseenStudy {
  readonly studyId: string;
  readonly here: readonly StoredInstance[];
  readonly absent: RememberedSet;
  readonly proved: RememberedSet;
  readonly accepted: RememberedSet;
}

export interface UnseenEnds {
  readonly source: Orthanc;
  /** Undefined where nobody can be asked. */
  readonly witness: Witness | undefined;
  readonly memory: StudyMemory;
  /** What was proved in another counts no longer. */
  readonly pass: () => string;
}

/** What the source holds of a study; with the identifiers of DICOM, where somebody is asked by these. */
export async function readStudy(
  studyId: string,
  { source, witness, memory, pass }: UnseenEnds,
  signal: AbortSignal,
): Promise<UnseenStudy> {
  const here = await (witness === undefined
    ? source.studies.instances(studyId, signal)
    : source.findInstances({ studyId, include: ['identifiers'], signal }));
  return {
    studyId,
    here,
    absent: rememberedSet(memory, studyId, 'absent'),
    proved: ofPass(rememberedSet(memory, studyId, 'proved'), pass()),
    accepted: rememberedSet(memory, studyId, 'accepted'),
  };
}

function ofPass(proved: RememberedSet, pass: string): RememberedSet {
  const all = (instances: Parameters<RememberedSet['add']>[0]) =>
    Array.from(instances, (one) => provedAs(one, pass));
  return {
    has: (instance) => proved.has(provedAs(instance, pass)),
    add: (instances) => {
      proved.add(all(instances));
    },
    put: (instances) => {
      proved.put(all(instances));
    },
    remove: (instances) => {
      proved.remove(all(instances));
    },
  };
}

/** Asks the destination about all of the study, and judges each instance; those without a file are left out. */
export async function judgeStudy(
  { studyId, here, absent, proved, accepted }: UnseenStudy,
  { witness }: Pick<UnseenEnds, 'witness'>,
  signal: AbortSignal,
): Promise<Map<StoredInstance, UnseenVerdict>> {
  const sendable = here.filter(({ isWithoutFile }) => isWithoutFile !== true);
  const words = await askFor(sendable, { studyId, witness, signal });
  return new Map(
    sendable.map((instance) => {
      const known = {
        wasAbsent: absent.has(instance),
        wasProved: proved.has(instance),
        isAccepted: accepted.has(instance),
      };
      return [instance, judgeUnseen(words(instance), known)];
    }),
  );
}

interface Asking {
  readonly studyId: string;
  readonly witness: Witness | undefined;
  readonly signal: AbortSignal;
}

async function askFor(
  instances: readonly StoredInstance[],
  { studyId, witness, signal }: Asking,
): Promise<(instance: StoredInstance) => Word> {
  const studyUid = instances[0]?.identifiers?.studyUid;
  if (witness === undefined || studyUid === undefined) return () => 'unknown';
  const asked = instances.flatMap(({ id, identifiers }) =>
    identifiers === undefined
      ? []
      : [{ id, seriesUid: identifiers.seriesUid, sopInstanceUid: identifiers.sopInstanceUid }],
  );
  const held = await witness.held({ studyId, studyUid, instances: asked, signal });
  return ({ identifiers }) => {
    if (identifiers === undefined) return 'unknown';
    return held.has(identifiers.sopInstanceUid) ? 'named' : 'not named';
  };
}
