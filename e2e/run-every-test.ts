// What `npm test` does: build, types, lint, dead code, documentation, format, then unit tests and the tests on real Orthancs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { jestCommand } from './reporter/jest-command.ts';
import { minutes, runStep } from './reporter/run-step.ts';
import type { Step } from './reporter/run-step.ts';
import { startTally } from './reporter/tally.ts';
import type { TestCounts } from './reporter/tally.ts';
import { watchForInterruption } from './reporter/watch-for-interruption.ts';

const checks: readonly Step[] = [
  { name: 'build', command: ['nx', 'run-many', '-t', 'bundle', 'declare'], limitMs: minutes(8) },
  { name: 'typecheck', command: ['nx', 'run-many', '-t', 'typecheck'], limitMs: minutes(8) },
  { name: 'lint', command: ['nx', 'run-many', '-t', 'lint'], limitMs: minutes(10) },
  { name: 'unused', command: ['knip', '--no-config-hints'], limitMs: minutes(3) },
  { name: 'docs-check', command: ['nx', 'run-many', '-t', 'docs-check'], limitMs: minutes(3) },
  { name: 'format', command: ['prettier', '--check', '.'], limitMs: minutes(3) },
];

const interruption = watchForInterruption();

const tally = startTally();
const folder = mkdtempSync(join(tmpdir(), 'every-test-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

async function check(step: Step): Promise<boolean> {
  if (interruption.aborted) return false;
  const hasPassed = await runStep(step, interruption);
  tally.addStep(step.name, hasPassed);
  return hasPassed;
}

async function test(name: string, limitMs: number, command: Step['command']): Promise<void> {
  if (interruption.aborted) return;
  const path = join(folder, 'counts.json');
  const hasPassed = await runStep({ name, command, limitMs, env: { COUNT_TESTS_FILE: path } }, interruption);
  const counts = readCounts(path);
  if (counts !== undefined) tally.addTests(counts);
  // Otherwise the failed tests speak for themselves.
  if (hasPassed || counts === undefined || counts.failures.length === 0) tally.addStep(name, hasPassed);
}

/** Nothing, when Jest did not come as far as its first test. */
function readCounts(path: string): TestCounts | undefined {
  try {
    const counts = JSON.parse(readFileSync(path, 'utf8')) as TestCounts;
    rmSync(path);
    return counts;
  } catch {
    return undefined;
  }
}

/** Tells what the tests on real Orthancs will run on, or nothing when there is no Orthanc to be had. */
async function provision(): Promise<string | undefined> {
  let [output, told] = ['', ''];
  const isReady = await check({
    name: 'testbed',
    command: ['node', 'libs/orthanc-testbed/src/testbed-command.ts', 'provision'],
    limitMs: minutes(15),
    onOutput: (text) => (output += text),
    // In one piece, as other steps talk meanwhile.
    say: (text) => (told += text),
  });
  process.stdout.write(told);
  const [, provider] = /^Provider:\s*(.+)$/m.exec(output) ?? [];
  const [, version] = /^Orthanc:\s*(.+)$/m.exec(output) ?? [];
  return isReady
    ? `${provider ?? 'an unnamed provider'} (Orthanc ${version ?? 'of unknown version'})`
    : undefined;
}

// Beside the checks, as it mostly waits for packages and the disk.
const provisioning = provision();
for (const step of checks) await check(step);
await test('unit tests', minutes(10), jestCommand({ kinds: ['unit'], testLimitMs: 60_000, workers: 2 }));
const provider = await provisioning;
if (provider !== undefined) {
  await test(
    'tests on real Orthanc',
    minutes(70),
    jestCommand({ kinds: ['contract', 'tool', 'e2e'], testLimitMs: minutes(2), workers: 2 }),
  );
}

console.log();
for (const line of tally.report(provider)) console.log(line);
process.exitCode = interruption.aborted ? 130 : tally.exitCode();
