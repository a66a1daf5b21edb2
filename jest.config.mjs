// One Jest for the whole repository: the kinds of test are told apart by where they stand.
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['/dist/', '/.nx/'],
};

const endurance = String.raw`\.endure\.test\.ts$`;

const kind = (displayName, testMatch) => ({
  ...shared,
  displayName,
  testMatch,
  testPathIgnorePatterns: displayName === 'endurance' ? [] : [endurance],
});

export default {
  // Jest knows one limit for all kinds; the commands of unit and endurance tests name their own.
  testTimeout: 120_000,
  projects: [
    kind('unit', [
      '<rootDir>/libs/*/src/**/*.test.ts',
      '<rootDir>/tools/*/src/**/*.test.ts',
      '<rootDir>/e2e/reporter/*.test.ts',
    ]),
    kind('contract', ['<rootDir>/libs/*/contract/**/*.contract.test.ts']),
    kind('tool', ['<rootDir>/tools/*/test/**/*.test.ts']),
    kind('e2e', ['<rootDir>/e2e/**/*.e2e.test.ts']),
    kind('endurance', ['<rootDir>/{libs,tools,e2e}/**/*.endure.test.ts']),
  ],
};
