import { stat } from 'node:fs/promises';
import { transientFailure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { ClearAway, Seen } from './clear-away.ts';
import { below, pathOf } from './file-key.ts';
import { type InspectSettings, type Inspected, inspectFile, skippedMark } from './inspect-file.ts';
import type { Refused } from './outcome.ts';
import { markOf } from './walk-folder.ts';

export interface Opened {
  readonly claim: Claim;
  readonly inspected: Inspected;
  /** What the file was before it was opened; undefined where it must stay. */
  readonly seen: Seen | undefined;
}

export interface ClaimSettings extends InspectSettings {
  /** Undefined where all files stay. */
  readonly clearAway: ClearAway | undefined;
}

const unsettled = (retryAfterMs: number): Refused => ({
  status: 'refused',
  size: 0,
  failure: transientFailure('FILE_UNSETTLED', 'The file still changes.', { retryAfterMs }),
  isAwaited: true,
});

export async function inspectClaim(claim: Claim, settings: ClaimSettings): Promise<Opened> {
  const { settleMs } = settings;
  const again = settleMs === undefined ? undefined : await findAgain(claim, settings);
  if (settleMs !== undefined && again === 'changed')
    return { claim, inspected: { outcome: unsettled(settleMs) }, seen: undefined };
  const seen = await settings.clearAway?.look(claim.key);
  const inspected = await inspectFile(claim.key, settings);
  const isPassing = again !== 'alike' && isFoundOnce(claim);
  return { claim, inspected: isPassing ? passing(inspected) : inspected, seen };
}

const foundMark = ({ mark }: Claim): string | undefined =>
  /^\d+ -?\d+$/.exec(mark.replace(skippedMark, ''))?.[0];

/** A second time, as it was the first time? */
async function findAgain(claim: Claim, { folder }: ClaimSettings): Promise<'alike' | 'changed' | undefined> {
  const found = foundMark(claim);
  if (found === undefined) return undefined;
  try {
    return markOf(await stat(below(folder, pathOf(claim.key)))) === found ? 'alike' : 'changed';
  } catch {
    // What is wrong with it shows when it is opened.
    return undefined;
  }
}

/** No claim before this one can have looked into it. A link that leads nowhere is found again and again, and has no such mark. */
const isFoundOnce = (claim: Claim): boolean =>
  claim.generation < 1 && claim.attempt === 1 && claim.crashes === 0 && foundMark(claim) !== undefined;

const passing = (inspected: Inspected): Inspected =>
  'outcome' in inspected && inspected.outcome.status === 'vanished'
    ? { outcome: { ...inspected.outcome, isPassing: true } }
    : inspected;
