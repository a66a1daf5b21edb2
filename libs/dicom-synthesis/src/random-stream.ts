import { hash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface RandomStream {
  /** Both ends included. */
  integer(from: number, to: number): number;
  pick<T>(choices: readonly T[]): T;
  /** One of the choices, each as likely as its weight is large. */
  pickWeighted<T extends { readonly weight: number }>(choices: readonly T[]): T;
}

/**
 * The same parts give the same stream on every machine, whatever was drawn elsewhere: each study has its own,
 * so the number and order of workers cannot matter. Whole numbers only; transcendental functions differ between engines.
 */
export const randomStream = (...parts: readonly (string | number)[]): RandomStream => {
  const digest = hash('sha256', JSON.stringify(parts), 'buffer');
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
  const integer = (from: number, to: number): number => uniformInt(generator, from, to);
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[integer(0, choices.length - 1)];
    if (choice === undefined) throw new RangeError('nothing to pick from');
    return choice;
  };
  const pickWeighted = <T extends { readonly weight: number }>(choices: readonly T[]): T => {
    const total = choices.reduce((sum, choice) => sum + choice.weight, 0);
    let left = integer(1, Math.max(1, total));
    return choices.find((choice) => (left -= choice.weight) <= 0) ?? pick(choices);
  };
  return { integer, pick, pickWeighted };
};
