import type { Witness } from './witness.ts';

/**
 * One destination that may be asked in several ways, the better ones first: the first that it does not refuse counts,
 * from then on for good.
 */
export function askFirst(witnesses: readonly [Witness, ...Witness[]]): Witness {
  let chosen: Witness | undefined;
  const probe = async (signal?: AbortSignal) => {
    for (const witness of witnesses) {
      const strength = await witness.probe(signal);
      if (strength === 'none') continue;
      chosen = witness;
      return strength;
    }
    return 'none';
  };
  return {
    get kind() {
      return (chosen ?? witnesses[0]).kind;
    },
    probe,
    async held(question) {
      if (chosen === undefined) await probe(question.signal);
      return (chosen ?? witnesses[0]).held(question);
    },
  };
}
