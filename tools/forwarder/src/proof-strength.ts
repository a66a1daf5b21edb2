import type { Verification } from './destination.ts';

/** From the weakest to the strongest; words of the ledger and of the transfer log. */
export const proofs = ['none', 'count', 'image', 'id', 'id+md5'] as const;

const weakestFor: Readonly<Record<Verification, (typeof proofs)[number]>> = {
  none: 'none',
  count: 'count',
  image: 'image',
  hash: 'id',
};

/**
 * Whether a proof that was given once, maybe under other orders, is enough for what is ordered now. What nobody was asked
 * about, or asked about after it had been there before, counts only where that is ordered still. Pure.
 */
export function suffices(proof: string, ordered: Verification | undefined): boolean {
  const strength = (word: string) => proofs.findIndex((one) => one === word);
  return strength(proof) >= strength(weakestFor[ordered ?? 'image']);
}
