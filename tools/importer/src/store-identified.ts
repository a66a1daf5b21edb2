import { type Failure, permanentFailure } from '@orthanc-tools/failures';
import { type SuspectedOrthanc, blamingOrthanc } from './blame-orthanc.ts';
import type { Content } from './content.ts';
import { type Identity, identify } from './identify.ts';
import type { IdentityGuard } from './identity-verdict.ts';
import type { Outcome } from './outcome.ts';
import { type StoreContext, storeContents } from './store-contents.ts';

export interface GuardedContext extends StoreContext, SuspectedOrthanc {
  /** Without one, whoever's images they are is for a person to look at. */
  readonly guard: IdentityGuard | undefined;
  /** Told when all that is read out of the contents here was read: what follows is Orthanc's work, and the way there. */
  readonly onIdentified?: () => void;
}

/** Stores what may be stored, and tells of each whose it is. */
export async function storeIdentified(
  contents: readonly Content[],
  context: GuardedContext,
): Promise<Outcome[]> {
  const judged = contents.map((content) => {
    const identity = identify(content.head);
    return { content, identity, failure: reasonToRefuse(identity, context) };
  });
  context.onIdentified?.();
  const free = judged.filter(({ failure }) => failure === undefined).map(({ content }) => content);
  const stored = (
    free.length === 0 ? [] : await blamingOrthanc(context, () => storeContents(free, context))
  ).values();
  return judged.map(({ content, identity, failure }) => {
    const outcome =
      failure === undefined
        ? (stored.next().value ?? lost())
        : ({ status: 'refused', failure, size: content.size } as const);
    return { id: identity?.id, studyId: identity?.studyId, ...outcome, ...whose(content) };
  });
}

type Careful = Pick<GuardedContext, 'guard' | 'lookFirst'>;

function reasonToRefuse(identity: Identity | undefined, { guard, lookFirst }: Careful): Failure | undefined {
  if (identity !== undefined) return guard?.(identity);
  return guard === undefined && !lookFirst.isNeeded
    ? undefined
    : permanentFailure(
        'IDENTIFIERS_UNREADABLE',
        'Its identifiers cannot be read, so that nobody could say beforehand whose it is, and what Orthanc would overwrite.',
      );
}

function lost(): never {
  throw new Error('a content was left without an outcome');
}

/** Whose image it is, as far as its header tells. */
export function whose({ head }: Content): { patientId: string | undefined; person: string | undefined } {
  const identity = identify(head);
  return { patientId: identity?.patientId, person: identity?.person };
}
