import { stat } from 'node:fs/promises';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { ClearAway, Seen } from './clear-away.ts';
import { below, pathOf } from './file-key.ts';
import { type InspectSettings, type Inspected, inspectFile, skippedMark } from './inspect-file.ts';
import type { Settled } from './outcome.ts';
import { markOf } from './walk-folder.ts';

export interface Opened {
  readonly claim: Claim;
  readonly inspected: Inspected;
  /** What the file was before it was opened; undefined where it must stay. */
  readonly seen: Seen | undefined;
}

export interface ClaimSettings extends InspectSettings {
  /** Files may still be on their way into the folder: what has changed since it was found is left for the next look. */
  readonly settles: boolean;
  /** Undefined where all files stay. */
  readonly clearAway: ClearAway | undefined;
}

export const unsettledCode = 'FILE_UNSETTLED';

const unsettled: Settled = {
  status: 'waiting',
  proof: 'none',
  size: 0,
  code: unsettledCode,
  reason: 'The file still changes.',
  // Whatever it looks like when it is found the next time, it is to be looked at.
  mark: '',
};

export async function inspectClaim(claim: Claim, settings: ClaimSettings): Promise<Opened> {
  if (settings.settles && (await hasChanged(claim, settings)))
    return { claim, inspected: { outcome: unsettled }, seen: undefined };
  const seen = await settings.clearAway?.look(claim.key);
  return { claim, inspected: await inspectFile(claim.key, settings), seen };
}

async function hasChanged({ key, mark }: Claim, { folder }: ClaimSettings): Promise<boolean> {
  const found = mark.replace(skippedMark, '');
  if (!/^\d+ -?\d+$/.test(found)) return false;
  try {
    return markOf(await stat(below(folder, pathOf(key)))) !== found;
  } catch {
    // What is wrong with it shows when it is opened.
    return false;
  }
}
