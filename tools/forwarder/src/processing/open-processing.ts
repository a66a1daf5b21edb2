import type { Destination, Forwarding } from '../destination.ts';
import { hookInstance } from '../hooks/hook-instance.ts';
import type { Hooks } from '../hooks/use-hooks.ts';
import type { Processing } from './processing.ts';
import { openPseudonymKey } from './pseudonym-key.ts';
import { pseudonymsBy } from './pseudonyms.ts';
import { readOrder } from './read-order.ts';

export interface ProcessingRequest {
  readonly forwarding: Forwarding;
  readonly hooks: Pick<Hooks, 'processInstance'> | undefined;
  /** Where the forwarder's own key for pseudonyms lies, or is to lie. */
  readonly keyPath: string;
}

/** How instances are changed on the way to each destination; undefined where they are not. */
export function openProcessing({
  forwarding,
  hooks,
  keyPath,
}: ProcessingRequest): (destination: Destination) => Processing | undefined {
  const { profiles } = forwarding;
  let own: Uint8Array | undefined;
  return ({ name: destination, profile: name, transcode }) => {
    const process = hooks?.processInstance;
    const edit = process && editBy(process, destination);
    if (name === undefined && transcode === undefined) {
      const pseudonyms = pseudonymsBy(Buffer.of());
      return (
        edit && { name: nameOf({ order: undefined, pseudonyms, edit }), order: undefined, pseudonyms, edit }
      );
    }
    const profile = name === undefined ? undefined : profiles.get(name);
    const order = readOrder(profile, transcode);
    const needsKey = order.route === 'anonymize' || order.identifiers === 'new';
    const ownKey = () => (own ??= openPseudonymKey(keyPath));
    const key = profile?.key === undefined ? (needsKey ? ownKey() : Buffer.of()) : Buffer.from(profile.key);
    const processing = { order, pseudonyms: pseudonymsBy(key), edit };
    return { name: nameOf(processing), ...processing };
  };
}

/** Tells nothing of the key: it says what a pseudonym says. What a hook does is not looked into. */
function nameOf({ order, pseudonyms, edit }: Omit<Processing, 'name'>): string {
  const said = JSON.stringify([order, edit !== undefined]);
  return pseudonyms.patient(`order ${said}`);
}

type Edit = NonNullable<Processing['edit']>;

const editBy =
  (process: NonNullable<Hooks['processInstance']>, destination: string): Edit =>
  (instance, tags) =>
    process(hookInstance(instance, tags, destination));
