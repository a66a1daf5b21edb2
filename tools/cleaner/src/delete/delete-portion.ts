import { isSameFile } from '@orthanc-tools/copy-proof';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { type Doomed, concludeDeletion, entryOf } from './conclude-deletion.ts';
import type { Fate } from './fate.ts';
import { goneOf } from './gone-of.ts';
import { largestRequest } from './portions-of.ts';
import { type SeenStudy, recheckStudy } from './recheck-study.ts';
import { type Holdings, seeStudies } from './see-studies.ts';

type PortionContext = Pick<
  Cleaning,
  'orthanc' | 'judge' | 'quarantine' | 'elsewhere' | 'trail' | 'memory' | 'signal'
> & {
  /** Whether anything more is to be deleted: clocks and rules may be others by now. */
  readonly canSayMore: () => Promise<boolean>;
};

/**
 * Looks at the studies once more, deletes the instances of those that are as they were planned, and looks whether they
 * are gone. Never names a study to Orthanc: what arrives within the last moment stays.
 * @throws what kept Orthanc from being asked; what had been told to be deleted is then noted as begun
 */
export async function deletePortion(
  studies: readonly WeighedStudy[],
  held: Holdings,
  context: PortionContext,
): Promise<Map<string, Fate>> {
  if (studies.length === 0) return new Map();
  const first = await lookAt(studies, held, context);
  const isProved = context.elsewhere === undefined || first.doomed.length === 0;
  // Asking there may take minutes: what was seen before is no last look any more, and the rules may be others.
  const last = isProved ? first : await lookAfterProof(first.doomed, context);
  const deleted = await deleteAll(last, context);
  const others = await withWhatIsGone(new Map([...first.fates, ...last.fates]), { studies, ...context });
  return new Map([...others, ...deleted]);
}

/** What is left may have been deleted in part before: then that is recorded, and the rest is a study of its own. */
async function withWhatIsGone(
  fates: ReadonlyMap<string, Fate>,
  { studies, memory, trail, ...context }: PortionContext & { readonly studies: readonly WeighedStudy[] },
): Promise<Map<string, Fate>> {
  const told = new Map(fates);
  for (const { id, rule } of studies) {
    const [fate, begun] = [fates.get(id), memory.begunOf(id)];
    if (fate?.is !== 'left' || begun === undefined) continue;
    const gone = await goneOf(id, begun, context);
    if (gone === 0) continue;
    const inPart = [{ study: id, rule: rule.name, instances: gone }];
    trail.write('studies.deleted', { studies: [], inPart, notDeleted: [] });
    memory.forgetBegun([id]);
    told.set(id, { ...fate, gone });
  }
  return told;
}

interface Look {
  /** When it was begun, by Orthanc's clock, ms since 1970: whatever comes from then on is not the rest of a deletion. */
  readonly at: number;
  readonly doomed: readonly Doomed[];
  /** Of the others. */
  readonly fates: Map<string, Fate>;
}

async function lookAt(
  studies: readonly WeighedStudy[],
  held: Holdings,
  context: PortionContext,
): Promise<Look> {
  const at = (await context.orthanc.now()).getTime();
  const seen = await seeStudies(studies, held, context);
  const fates = new Map<string, Fate>();
  const doomed: Doomed[] = [];
  for (const planned of studies) {
    const judged = judgeAgain(planned, seen.get(planned.id), context);
    if ('seen' in judged) doomed.push(judged);
    else fates.set(planned.id, judged);
  }
  return { at, doomed, fates };
}

function judgeAgain(
  planned: WeighedStudy,
  seen: SeenStudy | undefined,
  { quarantine, memory, judge, trail }: PortionContext,
): Doomed | Fate {
  const { id, rule, bytes } = planned;
  const needsQuarantine = quarantine.days > 0 || memory.quarantineOf(id) !== undefined;
  const begun = memory.begunOf(id);
  const recheck = recheckStudy({ planned, seen, begun: begun?.instances, judge, needsQuarantine });
  if (recheck.is === 'deletable' && seen !== undefined) return { planned, seen, rule: recheck.rule };
  if (recheck.is === 'left') return recheck;
  if (begun === undefined) return { is: 'vanished' };
  // We had told Orthanc to delete it, and did not hear that it has: it is gone by our word.
  const instances = begun.instances.length;
  trail.write('studies.deleted', { studies: [{ study: id, rule: rule.name, instances }], notDeleted: [] });
  memory.forgetBegun([id]);
  memory.forgetQuarantine(id);
  return { is: 'deleted', instances, bytes, rule: rule.name };
}

/**
 * What the other place holds, of those that are still as they were when it said so. What takes a request for each study comes
 * before the look, so that nothing but the deletion follows it: what is stored anew until then shows by the last update.
 */
async function lookAfterProof(doomed: readonly Doomed[], context: PortionContext): Promise<Look> {
  const fates = new Map<string, Fate>();
  const proved = new Map<string, readonly StoredInstance[]>();
  for (const { planned, seen } of doomed) {
    const found = await heldElsewhere(planned, seen, context);
    if ('lacks' in found) fates.set(planned.id, { is: 'left', why: found.lacks });
    else proved.set(planned.id, found.stored);
  }
  const held = new Map<string, readonly string[]>();
  for (const [id, stored] of proved) {
    const still = await stillHeld(id, stored, context);
    if (still === undefined) fates.set(id, { is: 'left', why: 'changed' });
    else held.set(id, still);
  }
  const isStill = await context.canSayMore();
  const studies = isStill ? doomed.map(({ planned }) => planned).filter(({ id }) => held.has(id)) : [];
  const { at, doomed: last, fates: others } = await lookAt(studies, held, context);
  return { at, doomed: last, fates: new Map([...fates, ...others]) };
}

/** Of all that the study holds: another place that lacks one instance has not got the study. @returns what was proved */
async function heldElsewhere(
  { id }: WeighedStudy,
  { instances }: SeenStudy,
  { elsewhere, orthanc, signal }: PortionContext,
): Promise<
  | { readonly stored: readonly StoredInstance[] }
  | { readonly lacks: 'not elsewhere' | 'other bytes elsewhere' }
> {
  const stored = await orthanc.findInstances({ studyId: id, include: ['identifiers'], signal });
  const listed = new Set(stored.map((instance) => instance.id));
  const isWhole = stored.length === instances.length && instances.every((instance) => listed.has(instance));
  const held = isWhole ? await elsewhere?.holds(stored, id, signal) : undefined;
  if (held === 'all') return { stored };
  return { lacks: held === 'other bytes' ? 'other bytes elsewhere' : 'not elsewhere' };
}

/**
 * What the study holds, if that is what was proved, or nothing any more; undefined otherwise: an image that was stored anew under
 * the same identifiers is not what the other place was asked about.
 */
async function stillHeld(
  id: string,
  proved: readonly StoredInstance[],
  { orthanc, signal }: PortionContext,
): Promise<readonly string[] | undefined> {
  const before = new Map(proved.map((instance) => [instance.id, instance]));
  const now = await orthanc.findInstances({ studyId: id, signal });
  const isSame =
    now.length === before.size &&
    now.every((instance) => {
      const one = before.get(instance.id);
      return one !== undefined && isSameFile(one, instance);
    });
  return isSame || now.length === 0 ? now.map((instance) => instance.id) : undefined;
}

async function deleteAll({ at: now, doomed }: Look, context: PortionContext): Promise<Map<string, Fate>> {
  if (doomed.length === 0) return new Map();
  const { orthanc, memory, trail } = context;
  memory.noteBegun(
    new Map(
      doomed.map(({ planned: { id, lastUpdate }, seen: { instances } }) => {
        const { at = now, instances: before = instances } = memory.begunOf(id) ?? {};
        return [id, { at, instances: before, lastUpdate }];
      }),
    ),
  );
  trail.write('studies.deleting', { studies: doomed.map(entryOf) });
  const instances = doomed.flatMap(({ seen }) => seen.instances);
  for (let from = 0; from < instances.length; from += largestRequest)
    // What was begun is brought to its end: an answer that nobody waits for tells nothing.
    await orthanc.instances.deleteAll(instances.slice(from, from + largestRequest));
  return concludeDeletion(doomed, context);
}
