import type { Logger } from '@orthanc-tools/telemetry';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { BothSystems } from '../ask-both-systems.ts';
import { type BelongingKind, belongingKinds } from './belonging.ts';
import { belongingsMemory } from './belongings-memory.ts';
import type { BelongingsWork } from './belongings-work.ts';
import { matchNumbers } from './match-numbers.ts';

interface BelongingsSettings {
  readonly belongings: readonly string[];
  readonly belongingsConflicts: 'report' | 'source';
  readonly belongingsRemovals: boolean;
  readonly skipUserContent: readonly string[];
  readonly successLabel?: string | undefined;
  readonly failureLabel?: string | undefined;
}

interface Between extends BothSystems {
  readonly ledger: WorkLedger;
  readonly log: Logger;
}

const isKind = (word: string): word is BelongingKind => (belongingKinds as readonly string[]).includes(word);

/** What of the belongings both servers know and can keep; undefined where none are to travel. */
export function openBelongings(
  settings: BelongingsSettings,
  { here, there, ledger, log }: Between,
): BelongingsWork | undefined {
  const kinds = new Set(settings.belongings.filter(isKind));
  if (kinds.size === 0) return undefined;
  // Labels came with 1.12.0.
  if (!here.hasLabels) kinds.delete('labels');
  else if (!there.hasLabels && kinds.delete('labels'))
    log.warn('labels.left_behind', { destination: there.version, consequence: 'it keeps no labels' });
  return {
    kinds,
    skipped: new Set(settings.skipUserContent.map(Number)),
    ownLabels: new Set([settings.successLabel, settings.failureLabel].flatMap((label) => label ?? [])),
    rules: { onConflict: settings.belongingsConflicts, removes: settings.belongingsRemovals },
    memory: belongingsMemory(ledger),
    numbers: matchNumbers(here.userMetadata, there.userMetadata),
    isToldWithInstances: here.hasExtendedFind,
  };
}
