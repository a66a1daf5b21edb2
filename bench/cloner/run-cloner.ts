import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { commandOf } from '../measure/build-tool.ts';
import type { Cost } from '../measure/cost.ts';
import { runChild } from '../measure/run-child.ts';
import type { Contender, CopyPlace } from './contender.ts';

/** The cloner as a user runs it: its command, its defaults, a ledger that does not exist yet. */
export function clonerCopy(roundTripMs?: number): Contender {
  const role = roundTripMs === undefined ? 'cloner' : roundTripMs === 0 ? 'cloner linked' : 'cloner far';
  const far = roundTripMs === undefined ? {} : { roundTripMs };
  return { name: 'cloner', role, ...far, copy: (place) => runCloner(place) };
}

/** The same where the source knows the destination: the cloner then chooses to have it sent by that. */
export function peeringCopy(roundTripMs?: number): Contender {
  return {
    name: 'cloner, by peering',
    role: roundTripMs === undefined ? 'cloner peering' : 'cloner peering far',
    ...(roundTripMs !== undefined && { roundTripMs }),
    isPeering: true,
    copy: (place) => runCloner(place, ['--dest-peer', 'destination']),
  };
}

async function runCloner(
  { source, destination, signal }: CopyPlace,
  more: readonly string[] = [],
): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cloner-'));
  try {
    const { exitCode, output, ...cost } = await runChild({
      command: [
        process.execPath,
        commandOf('cloner'),
        ...['--source-url', source, '--dest-url', destination, '--existing-changes-only'],
        ...['--ledger-path', join(folder, 'ledger.sqlite'), '--report', join(folder, 'report.json')],
        ...more,
      ],
      cwd: folder,
      // Nothing else: a variable of the caller would be an option of the cloner.
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
      signal,
    });
    if (exitCode !== 0) throw new Error(`The cloner ended with ${String(exitCode)}:\n${output}`);
    return cost;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
