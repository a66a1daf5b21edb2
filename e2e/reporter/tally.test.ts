import { describe, expect, it } from '@jest/globals';
import { startTally } from './tally.ts';

const oneOfEach = { passed: 1, failed: 1, skipped: 1 };

describe('the tally of all tests', () => {
  it('ends with one line of sums, in which a step counts as a test', () => {
    const tally = startTally();
    tally.addStep('lint', true);
    tally.addTests({ kinds: { unit: { passed: 3, failed: 0, skipped: 0 } }, failures: [], skipped: [] });
    expect(tally.report('native').at(-1)).toBe('4 passed, 0 failed');
    expect(tally.exitCode()).toBe(0);
  });

  it('fails for one failed step, and names it', () => {
    const tally = startTally();
    tally.addStep('build', true);
    tally.addStep('lint', false);
    expect(tally.report(undefined)).toContain('failed: step lint');
    expect(tally.exitCode()).toBe(1);
  });

  it('fails when nothing at all has run', () => {
    expect(startTally().exitCode()).toBe(1);
  });

  it('counts as run on real Orthancs what ran there, not what was skipped, and says through which provider', () => {
    const tally = startTally();
    tally.addTests({
      kinds: { unit: oneOfEach, contract: oneOfEach, e2e: oneOfEach },
      failures: [],
      skipped: [],
    });
    expect(tally.report('native')).toContain('4 tests ran against real Orthanc, through native');
    expect(tally.report('native').at(-1)).toBe('3 passed, 3 failed, 3 skipped');
  });

  it('tells what a missing engine skips from what is skipped for another reason', () => {
    const tally = startTally();
    tally.addTests({ kinds: {}, failures: [], skipped: ['image [engine] starts', 'a thought for later'] });
    const report = tally.report('native');
    expect(report).toContain('needs a container engine, skipped: image [engine] starts');
    expect(report).toContain('skipped: a thought for later');
  });
});
