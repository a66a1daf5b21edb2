import { asFailure } from '@orthanc-tools/failures';
import type { Criteria, KeepRule, Policy } from '../rules/retention-rule.ts';
import { dayAt } from '../rules/wall-clock.ts';
import type { Cleaning } from './cleaning.ts';

type Context = Pick<Cleaning, 'orthanc' | 'log' | 'signal' | 'moment'>;

/** Tells of each rule that speaks of nothing now: a name may be misspelt, and a keep rule then keeps nothing. */
export async function warnOfIdleRules({ rules, keep }: Policy, context: Context): Promise<void> {
  const { log, moment } = context;
  const today = dayAt(moment.now.getTime(), moment.timeZone);
  for (const { name, until } of keep.filter((rule) => isOver(rule, today)))
    log.warn('rule.over', { rule: name, until, consequence: 'it keeps nothing any more' });
  try {
    const borne = await context.orthanc.labels.names(context.signal);
    const hasModality = askerForModalities(context);
    for (const rule of rules) await warnOf(rule, { borne, hasModality, log });
    // What keeps takes capitals for small letters.
    const small = borne.map((label) => label.toLowerCase());
    for (const rule of keep.filter((one) => !isOver(one, today))) {
      const labels = rule.criteria.labels?.map((label) => label.toLowerCase());
      const modalities = rule.criteria.modalities?.map((modality) => modality.toUpperCase());
      const criteria = { ...rule.criteria, labels, modalities };
      await warnOf({ ...rule, criteria }, { borne: small, hasModality, log });
    }
  } catch (error) {
    // A server that refuses only this question, or fails at it, can be cleaned all the same.
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    log.info('rules.not_looked_up', { code: failure.code, message: failure.message });
  }
}

const isOver = ({ until }: KeepRule, today: string): boolean => until !== undefined && until < today;

interface Named {
  readonly name: string;
  readonly criteria: Criteria;
}

interface Seen extends Pick<Context, 'log'> {
  /** Labels that anything has. */
  readonly borne: readonly string[];
  readonly hasModality: (modalities: readonly string[]) => Promise<boolean>;
}

async function warnOf({ name: rule, criteria }: Named, { borne, hasModality, log }: Seen): Promise<void> {
  const { labels, modalities } = criteria;
  if (labels !== undefined && !labels.some((label) => borne.includes(label)))
    log.warn('rule.matches_nothing', { rule, labels });
  else if (modalities !== undefined && !(await hasModality(modalities)))
    log.warn('rule.matches_nothing', { rule, modalities });
}

/** Whether any series has one of them; an Orthanc that cannot count is taken to have some. */
function askerForModalities({ orthanc, signal }: Context): Seen['hasModality'] {
  const asked = new Map<string, Promise<number>>();
  return async (modalities) => {
    if (!(await orthanc.system(signal)).hasExtendedFind) return true;
    const match = { Modality: modalities.join('\\') };
    const count = asked.get(match.Modality) ?? orthanc.resources.count({ level: 'Series', match, signal });
    asked.set(match.Modality, count);
    return (await count) > 0;
  };
}
