interface JestSettings {
  readonly kinds: readonly string[];
  /** For one test that names none itself. */
  readonly testLimitMs: number;
  readonly workers: number;
  /** Patterns of paths; all files, when empty. */
  readonly paths?: readonly string[];
}

/** The command that runs the tests of some kinds, and counts them where `COUNT_TESTS_FILE` says. */
export function jestCommand({
  kinds,
  testLimitMs,
  workers,
  paths = [],
}: JestSettings): [string, ...string[]] {
  return [
    'node',
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...['--selectProjects', ...kinds],
    ...['--reporters=default', '--reporters=./e2e/reporter/count-tests.ts'],
    `--testTimeout=${String(testLimitMs)}`,
    `--maxWorkers=${String(workers)}`,
    ...paths,
  ];
}
