export interface KindCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What one run of Jest did; `failures` and `skipped` are names of tests. */
export interface TestCounts {
  readonly kinds: Readonly<Record<string, KindCounts>>;
  readonly failures: readonly string[];
  readonly skipped: readonly string[];
}

export interface Tally {
  /** A step counts as one test. */
  addStep(name: string, hasPassed: boolean): void;
  addTests(counts: TestCounts): void;
  /** What people read at the end; the last line is `N passed, N failed`, with `, N skipped` when there are any. */
  report(provider: string | undefined): string[];
  exitCode(): number;
}

/** Tests of these kinds have a real Orthanc before them. */
const kindsOnRealOrthanc = ['contract', 'tool', 'e2e'];

/** Stands in the name of every test that needs a container engine, and skips itself without one. */
const engineMark = '[engine]';

export function startTally(): Tally {
  const total: KindCounts = { passed: 0, failed: 0, skipped: 0 };
  const kinds: Record<string, KindCounts> = {};
  const failures: string[] = [];
  const skipped: string[] = [];

  const addStep = (name: string, hasPassed: boolean): void => {
    add(total, { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, skipped: 0 });
    if (!hasPassed) failures.push(`step ${name}`);
  };
  const addTests = (counts: TestCounts): void => {
    for (const [kind, count] of Object.entries(counts.kinds)) {
      add(total, count);
      add((kinds[kind] ??= { passed: 0, failed: 0, skipped: 0 }), count);
    }
    failures.push(...counts.failures);
    skipped.push(...counts.skipped);
  };
  const report = (provider: string | undefined): string[] => [
    ...Object.entries(kinds).map(([kind, count]) => `${kind} tests: ${inWords(count)}`),
    `${String(onRealOrthanc(kinds))} tests ran against real Orthanc${provider === undefined ? '' : `, through ${provider}`}`,
    ...named('needs a container engine, skipped', skipped.filter(needsEngine)),
    ...named(
      'skipped',
      skipped.filter((name) => !needsEngine(name)),
    ),
    ...named('failed', failures),
    inWords(total),
  ];
  return { addStep, addTests, report, exitCode: () => (total.failed > 0 || total.passed === 0 ? 1 : 0) };
}

function add(sum: KindCounts, { passed, failed, skipped }: KindCounts): void {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
}

const needsEngine = (name: string): boolean => name.includes(engineMark);

const named = (title: string, names: readonly string[]): string[] => names.map((name) => `${title}: ${name}`);

function onRealOrthanc(kinds: Readonly<Record<string, KindCounts>>): number {
  const counts = kindsOnRealOrthanc.map((kind) => kinds[kind] ?? { passed: 0, failed: 0 });
  return counts.reduce((sum, { passed, failed }) => sum + passed + failed, 0);
}

function inWords({ passed, failed, skipped }: KindCounts): string {
  return `${String(passed)} passed, ${String(failed)} failed${skipped > 0 ? `, ${String(skipped)} skipped` : ''}`;
}
