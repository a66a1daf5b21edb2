import type { Processing } from './processing.ts';
import { identityKeyword } from './tag-names.ts';

/** Whether what is made has the identifiers of what it is made of, as far as that is known before. Pure. */
export function keepsIdentity(processing: Pick<Processing, 'order' | 'edit'> | undefined): boolean {
  if (processing === undefined) return true;
  const { order, edit } = processing;
  if (edit !== undefined || order?.route !== 'modify' || order.identifiers !== 'keep') return false;
  return ![...Object.keys(order.replace), ...order.remove].some(
    (name) => identityKeyword(name) !== undefined,
  );
}
