import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { type QuarantineStep, quarantineStep } from './quarantine-state.ts';

export interface Quarantine {
  readonly label: string;
  readonly days: number;
}

interface Quarantined {
  /** Their time is over. */
  readonly deletable: readonly WeighedStudy[];
  readonly counts: { labelled: number; waiting: number; released: number };
}

type Context = Pick<Cleaning, 'orthanc' | 'memory' | 'trail' | 'clock' | 'log' | 'signal'>;

/** What the quarantine says of each study that is due. */
export type QuarantineSteps = ReadonlyMap<QuarantineStep, readonly WeighedStudy[]>;

export function quarantineSteps(
  due: readonly WeighedStudy[],
  { days }: Quarantine,
  { memory, clock }: Pick<Context, 'memory' | 'clock'>,
): QuarantineSteps {
  const now = clock.now().getTime();
  return Map.groupBy(due, ({ id, isInQuarantine }) =>
    quarantineStep({ isLabelled: isInQuarantine, note: memory.quarantineOf(id), now, days }),
  );
}

/** Labels what is newly due, and gives what was labelled long enough ago. What is not due any more loses the label. */
export async function passQuarantine(
  steps: QuarantineSteps,
  quarantine: Quarantine,
  context: Context,
): Promise<Quarantined> {
  const { memory } = context;
  const now = context.clock.now().getTime();
  const of = (step: QuarantineStep) => steps.get(step) ?? [];
  for (const study of of('release')) {
    memory.noteQuarantine(study.id, { since: now, isReleased: true });
    context.log.info('study.released', { study: study.id, consequence: 'kept' });
    context.trail.write('study.released', { study: study.id, rule: study.rule.name });
  }
  const labelled = await labelAll(of('begin'), { ...context, quarantine, now });
  await freeOthers([...steps.values()].flat(), { ...context, quarantine });
  return {
    deletable: of('delete'),
    counts: {
      labelled,
      waiting: of('wait').length,
      released: of('release').length + of('stay').length,
    },
  };
}

async function labelAll(
  studies: readonly WeighedStudy[],
  {
    orthanc,
    memory,
    trail,
    log,
    signal,
    quarantine,
    now,
  }: Context & { readonly quarantine: Quarantine; readonly now: number },
): Promise<number> {
  let labelled = 0;
  for (const { id, rule } of studies) {
    if (signal.aborted) break;
    // Labelled first: were it noted first, a label that could not be put would count as one that was taken off.
    await orthanc.labels.put({ level: 'studies', id }, quarantine.label);
    memory.noteQuarantine(id, { since: now, isReleased: false });
    trail.write('study.quarantined', { study: id, rule: rule.name, days: quarantine.days });
    log.info('study.quarantined', { study: id, rule: rule.name, days: quarantine.days });
    labelled += 1;
  }
  return labelled;
}

/** Takes the label from studies that are not due any more, and forgets those that are gone. */
async function freeOthers(
  due: readonly WeighedStudy[],
  { orthanc, memory, log, signal, quarantine }: Context & { readonly quarantine: Quarantine },
): Promise<void> {
  const { label } = quarantine;
  const areDue = new Set(due.map(({ id }) => id));
  const others = memory.quarantined().filter(([id]) => !areDue.has(id));
  await sideBySide(others, async ([id, { isReleased }]) => {
    const isThere = await orthanc.studies.exists(id, signal);
    if (isThere && isReleased) return;
    if (isThere) {
      await orthanc.labels.remove({ level: 'studies', id }, label);
      log.info('study.not_due_any_more', { study: id, consequence: 'kept' });
    }
    memory.forgetQuarantine(id);
  });
}
