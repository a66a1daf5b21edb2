import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
import { commandOf } from '../measure/build-tool.ts';
import type { Cost } from '../measure/cost.ts';
import { runChild } from '../measure/run-child.ts';
import { type ForwardGround, alias } from './forward-ground.ts';

/** `sending`: nobody is asked, nothing deleted; `with proof`: it is kept for a day; `with deletion`: as a user runs it. */
export type Effort = 'sending' | 'with proof' | 'with deletion';

const efforts: Readonly<Record<Effort, readonly string[]>> = {
  sending: ['--verify=none', '--keep-days=1'],
  'with proof': ['--keep-days=1'],
  'with deletion': [],
};

interface ForwardPlace {
  readonly mode: string;
  readonly effort: Effort;
  readonly ground: ForwardGround;
  readonly destination: RunningOrthanc;
}

/** What the forwarding cost, without what the command takes where there is nothing to forward. */
export interface ForwardCost extends Cost {
  readonly seconds: number;
}

/** The forwarder as a user runs it: its command, its defaults, ledgers that do not exist yet. */
export async function runForwarder(place: ForwardPlace): Promise<ForwardCost> {
  const work = await mkdtemp(join(tmpdir(), 'bench-forwarder-'));
  try {
    const { seconds, ...cost } = await runOnce(work, place);
    // Starting Node, reading the options and closing the ledgers is no forwarding.
    const idle = await runOnce(work, place);
    return { ...cost, seconds: seconds - idle.seconds };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function runOnce(
  work: string,
  { mode, effort, ground, destination }: ForwardPlace,
): Promise<ForwardCost> {
  const startedAt = performance.now();
  const { exitCode, output, ...cost } = await runChild({
    command: [
      process.execPath,
      commandOf('forwarder'),
      ...['--source-url', ground.inbox.url, '--destination', alias, '--mode', mode],
      ...(mode === 'peering' ? ['--dest-url', destination.url] : []),
      // What it waits for before it sends is a wish of the user, and no cost.
      ...['--trigger', 'StableStudy', '--quiet-time=0s', '--existing-changes-only', ...efforts[effort]],
      ...['--ledger-path', join(work, 'ledger.sqlite'), '--report', join(work, 'report.json')],
    ],
    cwd: work,
    // Nothing else: a variable of the caller would be an option of the forwarder.
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
    signal: ground.signal,
  });
  if (exitCode !== 0) throw new Error(`The forwarder ended with ${String(exitCode)}:\n${output}`);
  return { ...cost, seconds: (performance.now() - startedAt) / 1000 };
}
