// What `npm run endure -- cloner` does: the tests of one tool or library that take too long for every day. Without a name: all.
import process from 'node:process';
import { jestCommand } from './reporter/jest-command.ts';
import { minutes, runStep } from './reporter/run-step.ts';
import type { Step } from './reporter/run-step.ts';
import { watchForInterruption } from './reporter/watch-for-interruption.ts';

const names = process.argv.slice(2);
const steps: readonly Step[] = [
  { name: 'bundle', command: ['nx', 'run-many', '-t', 'bundle'], limitMs: minutes(5) },
  {
    name: 'testbed',
    command: ['node', 'libs/orthanc-testbed/src/testbed-command.ts', 'provision'],
    limitMs: minutes(15),
  },
  {
    name: `endurance of ${names.join(', ') || 'everything'}`,
    // One at a time: what is measured is not to be disturbed.
    command: jestCommand({
      kinds: ['endurance'],
      testLimitMs: minutes(60),
      workers: 1,
      paths: names.map((name) => `/${name}/`),
    }),
    limitMs: minutes(240),
  },
];

const interruption = watchForInterruption();

process.exitCode = 0;
for (const step of steps) {
  if (await runStep(step, interruption)) continue;
  process.exitCode = interruption.aborted ? 130 : 1;
  break;
}
