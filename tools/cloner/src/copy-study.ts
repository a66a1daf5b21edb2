import { type Compared, compareStudy, confirmVanished, haveSameContent } from '@orthanc-tools/copy-proof';
import type { Failure } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { type Exception, placeSingly } from './place-singly.ts';
import { planShipments } from './plan-shipments.ts';
import { type Lanes, ship } from './ship.ts';

/** What became of one study; counts are of instances, sizes in bytes. */
export interface StudyOutcome {
  readonly isVanished: boolean;
  /** Proved at the destination, by the kind of proof. */
  readonly proved: Readonly<Record<string, number>>;
  readonly provedBytes: number;
  /** Those of the proved ones that this visit brought there. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** What will not arrive unless somebody acts. */
  readonly exceptions: readonly Exception[];
  /** Why the study must be visited again: some instances are neither proved nor given up. */
  readonly unfinished: Failure | undefined;
}

export interface Visit {
  readonly studyId: string;
  /**
   * Instances that would not travel together before are tried one by one, so that one bad image does not hold back the
   * others, and each gets a receipt of its own.
   */
  readonly isSingly: boolean;
}

const nothing: Omit<StudyOutcome, 'isVanished'> = {
  proved: {},
  provedBytes: 0,
  copied: 0,
  copiedBytes: 0,
  exceptions: [],
  unfinished: undefined,
};

/**
 * Brings one study to the destination and proves every instance there. What the destination holds already is proved,
 * never sent; what it holds with another content is reported, never overwritten.
 */
export async function copyStudy({ studyId, isSingly }: Visit, lanes: Lanes): Promise<StudyOutcome> {
  const { source, destination } = lanes;
  const [here, there] = await Promise.all([
    source.studies.instances(studyId),
    destination.studies.instances(studyId),
  ]);
  if (here.length === 0 && (await confirmVanished(source, studyId))) return { ...nothing, isVanished: true };
  const before = new Set(there.map(({ id }) => id));
  const compared = compareStudy(here, there, (id) => before.has(id));
  const missing = instancesThatAre('missing', compared);
  if (missing.length === 0)
    return concluded(compared, { before, lanes, exceptions: [], unfinished: undefined });

  const failure = isSingly ? undefined : await shipAll(missing, here, { studyId, lanes });
  const after = compareStudy(here, await destination.studies.instances(studyId), (id) => before.has(id));
  const absent = instancesThatAre('missing', after);
  if (absent.length === 0 || (failure !== undefined && failure.kind !== 'permanent'))
    return concluded(after, { before, lanes, exceptions: [], unfinished: failure });

  const placed = await placeSingly(absent, studyId, lanes);
  const gone = new Set(placed.vanished);
  const remaining = here.filter(({ id }) => !gone.has(id));
  const final = compareStudy(remaining, await destination.studies.instances(studyId), (id) => before.has(id));
  return concluded(final, { before, lanes, exceptions: placed.exceptions, unfinished: placed.unfinished });
}

const instancesThatAre = (what: Compared['verdict']['is'], compared: readonly Compared[]): StoredInstance[] =>
  compared.filter(({ verdict }) => verdict.is === what).map(({ instance }) => instance);

async function shipAll(
  missing: readonly StoredInstance[],
  here: readonly StoredInstance[],
  { studyId, lanes }: { readonly studyId: string; readonly lanes: Lanes },
): Promise<Failure | undefined> {
  let first: Failure | undefined;
  for (const shipment of planShipments(missing, here, lanes.routes)) {
    const failure = await ship(shipment, studyId, lanes);
    if (first === undefined || (failure !== undefined && failure.kind !== 'permanent'))
      first = failure ?? first;
  }
  return first;
}

interface Conclusion {
  readonly before: ReadonlySet<string>;
  readonly lanes: Lanes;
  readonly exceptions: readonly Exception[];
  readonly unfinished: Failure | undefined;
}

async function concluded(compared: readonly Compared[], conclusion: Conclusion): Promise<StudyOutcome> {
  const { before, lanes } = conclusion;
  const proved: Record<string, number> = {};
  const exceptions = [...conclusion.exceptions];
  let [provedBytes, copied, copiedBytes] = [0, 0, 0];
  const prove = ({ id, size }: StoredInstance, proof: string) => {
    proved[proof] = (proved[proof] ?? 0) + 1;
    provedBytes += size;
    if (before.has(id)) return;
    copied += 1;
    copiedBytes += size;
  };
  for (const { instance, verdict } of compared) {
    if (verdict.is === 'proved') prove(instance, verdict.proof);
    else if (verdict.is === 'different') exceptions.push(conflict(instance, before));
    else if (verdict.is === 'undecided') {
      if (await haveSameContent(lanes.source, lanes.destination, instance.id)) prove(instance, 'id+content');
      else exceptions.push(conflict(instance, before));
    }
  }
  return {
    isVanished: false,
    proved,
    provedBytes,
    copied,
    copiedBytes,
    exceptions,
    unfinished: conclusion.unfinished,
  };
}

function conflict({ id }: StoredInstance, before: ReadonlySet<string>): Exception {
  return before.has(id)
    ? {
        part: id,
        code: 'CONTENT_CONFLICT',
        message: 'The destination holds other content under the same identifiers.',
      }
    : {
        part: id,
        code: 'CONTENT_CHANGED',
        message: 'The destination changed the content when it stored the instance.',
      };
}
