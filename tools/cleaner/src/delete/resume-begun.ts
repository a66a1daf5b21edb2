import type { BegunNote } from '../run/cleaner-memory.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import { type DeletionTally, addTorn } from './deletion-tally.ts';
import { goneOf } from './gone-of.ts';
import { isRestOfOurs } from './is-rest-of-ours.ts';

/** A deletion of an earlier run of which nobody has heard how it ended, and which is not gone on with. */
export interface EndedDeletion {
  readonly study: string;
  /** So many are gone. */
  readonly instances: number;
  readonly isWhole: boolean;
}

/** What earlier runs had begun and not brought to an end. */
export interface BegunBefore {
  /** Broken off in the middle, and nothing has arrived since: by Orthanc's identifiers of studies. */
  readonly resumed: ReadonlyMap<string, BegunNote>;
  readonly ended: readonly EndedDeletion[];
}

type Asking = Pick<Cleaning, 'orthanc' | 'memory' | 'log' | 'signal'>;

/** Changes nothing. */
export async function readBegun({ memory, ...asking }: Asking): Promise<BegunBefore> {
  const resumed = new Map<string, BegunNote>();
  const ended: EndedDeletion[] = [];
  await sideBySide([...memory.begun()], async ([study, begun]) => {
    const { orthanc, log, signal } = asking;
    const held = await orthanc.studies.instanceIds(study, signal);
    const of = begun.instances.length;
    if (held.length === 0) ended.push({ study, instances: of, isWhole: true });
    else if (await isRestOfOurs({ id: study, instances: held }, begun, asking)) {
      resumed.set(study, begun);
      log.info('deletion.resumed', { study, instances: held.length, of });
    } else ended.push({ study, instances: await goneOf(study, begun, asking), isWhole: false });
  });
  return { resumed, ended };
}

/** Those of which the rest stays, as it is not to be deleted any more. */
export const giveUp = (
  given: ReadonlyMap<string, BegunNote>,
  asking: Pick<Asking, 'orthanc' | 'signal'>,
): Promise<readonly EndedDeletion[]> =>
  sideBySide([...given], async ([study, begun]) => ({
    study,
    instances: await goneOf(study, begun, asking),
    isWhole: false,
  }));

/** Nobody has told of them yet. What was begun and did not happen is only forgotten. */
export function recordEnded(
  ended: readonly EndedDeletion[],
  {
    tally,
    memory,
    trail,
    log,
  }: Pick<Cleaning, 'memory' | 'trail' | 'log'> & { readonly tally: DeletionTally },
): void {
  const entries = (isWanted: (one: EndedDeletion) => boolean) =>
    ended.filter(isWanted).map(({ study, instances }) => ({ study, instances }));
  const studies = entries(({ isWhole }) => isWhole);
  const inPart = entries(({ isWhole, instances }) => !isWhole && instances > 0);
  if (studies.length + inPart.length > 0)
    trail.write('studies.deleted', { studies, ...(inPart.length > 0 && { inPart }), notDeleted: [] });
  const instances = studies.reduce((sum, one) => sum + one.instances, 0);
  if (studies.length > 0) memory.addTotals({ studies: studies.length, instances, bytes: 0 });
  memory.forgetBegun(ended.map(({ study }) => study));
  for (const one of inPart) {
    addTorn(tally, one.instances);
    log.warn('study.torn', { ...one, why: 'broken off earlier, and not to be deleted any more' });
  }
}
