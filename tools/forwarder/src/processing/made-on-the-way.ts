import type { Outgoing } from '../open-route.ts';

/** What was made for one destination, and is not known to be there yet. */
export interface MadeOnTheWay {
  /** Notes all of them, and gives true; or none, where one would become the same as another of them, or on the way already. */
  add(instances: readonly Outgoing[]): boolean;
  /** Whatever comes after is seen to have been there before. */
  remove(instances: readonly Outgoing[]): void;
}

/**
 * Two instances that become one would prove each other, if both are looked for before the first is there: of whatever
 * units they are, and whichever hands bring them. Two that the inbox holds under one UID are told by that (`doubtShared`).
 */
export function madeOnTheWay(): MadeOnTheWay {
  const byUid = new Map<string, Map<string, Become>>();
  const remove = (instances: readonly Outgoing[]) => {
    for (const { id, made } of instances) {
      const holders = made && byUid.get(made.sopInstanceUid);
      holders?.delete(id);
      if (made !== undefined && holders?.size === 0) byUid.delete(made.sopInstanceUid);
    }
  };
  return {
    add(instances) {
      const added: Outgoing[] = [];
      for (const instance of instances) {
        const { id, made } = instance;
        if (made === undefined) continue;
        const holders = byUid.get(made.sopInstanceUid) ?? new Map<string, Become>();
        const become = { id, madeId: made.id, uid: instance.identifiers.sopInstanceUid };
        if ([...holders.values()].some((other) => areOne(become, other))) {
          remove(added);
          return false;
        }
        byUid.set(made.sopInstanceUid, holders);
        if (holders.has(id)) continue;
        holders.set(id, become);
        added.push(instance);
      }
      return true;
    },
    remove,
  };
}

/** No more than that: what is made may be held in memory. */
interface Become {
  readonly id: string;
  readonly madeId: string;
  /** Under which the inbox holds it. */
  readonly uid: string;
}

const areOne = (one: Become, other: Become): boolean =>
  one.id !== other.id && (one.madeId === other.madeId || one.uid !== other.uid);
