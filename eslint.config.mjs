import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const only = (name, where) => ({ name, message: `Only ${where} may use ${name}.` });

/** Packages that one library owns: importing them elsewhere breaks the architecture. */
const owned = {
  sqlite: ['node:sqlite', 'libs/work-ledger and fill-large.ts of bench'],
  axios: ['axios', 'libs/orthanc-client'],
  net: ['node:net', 'libs/mllp, plain-socket.ts of libs/orthanc-client and the fault proxy'],
};

const restrict = (...allowed) => [
  'error',
  {
    paths: Object.entries(owned)
      .filter(([key]) => !allowed.includes(key))
      .map(([, [name, where]]) => only(name, where)),
  },
];

const layer = (name, ...mayImport) => ({
  sourceTag: `layer:${name}`,
  onlyDependOnLibsWithTags: mayImport.map((l) => `layer:${l}`),
});
const sideways = (name, ...libs) => ({
  sourceTag: `name:${name}`,
  onlyDependOnLibsWithTags: ['layer:foundation', ...libs.map((l) => `name:${l}`)],
});

const toolLayers = ['runtime', 'engine', 'protocol', 'foundation'];

const boundaries = (tool) => [
  'error',
  {
    depConstraints: [
      tool,
      layer('foundation', 'foundation'),
      layer('engine', 'engine', 'foundation'),
      layer('protocol', 'protocol', 'foundation'),
      layer('runtime', 'foundation'),
      layer('testing', 'protocol', 'foundation'),
      // What is published of it, for the tests of others.
      layer('testbed', 'testing'),
      layer('e2e', 'testing', 'protocol', 'foundation'),
      layer('bench', 'testing', 'protocol', 'foundation'),
      sideways('failures'),
      sideways('tool-options', 'failures'),
      sideways('telemetry', 'failures', 'tool-options'),
      sideways('scheduling', 'failures', 'tool-options'),
      sideways('html-report', 'failures'),
      sideways('settings-file', 'failures', 'tool-options'),
      sideways('work-ledger'),
      sideways('work-loop', 'work-ledger'),
      sideways('sign-off', 'work-ledger'),
      sideways('orthanc-client'),
      sideways('copy-proof', 'orthanc-client'),
      sideways('study-search', 'orthanc-client'),
      sideways('server-examination', 'orthanc-client'),
      sideways('sending-jobs', 'orthanc-client'),
      sideways('dicom-files'),
      sideways('hl7-messages'),
      sideways('mllp'),
      sideways('dicom-synthesis', 'dicom-files'),
    ],
  },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', 'coverage/**'] },
  eslint.configs.recommended,
  tseslint.configs.strict,
  {
    plugins: { '@nx': nx },
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly' },
    },
    rules: {
      'no-console': 'error',
      'no-restricted-imports': restrict(),
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      // A promise that is returned without await outlives what `using` has disposed of.
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@nx/enforce-module-boundaries': boundaries(layer('tool', ...toolLayers, 'testing')),
    },
  },
  // The second reaches into the index of an Orthanc, which is no ledger.
  {
    files: ['libs/work-ledger/**', 'bench/measure/fill-large.ts'],
    rules: { 'no-restricted-imports': restrict('sqlite') },
  },
  { files: ['libs/orthanc-client/**'], rules: { 'no-restricted-imports': restrict('axios') } },
  {
    files: ['libs/orthanc-client/src/plain-socket{,s.test}.ts'],
    rules: { 'no-restricted-imports': restrict('axios', 'net') },
  },
  {
    files: [
      'libs/mllp/**',
      'libs/orthanc-testbed/**',
      'e2e/hl7-server/survives-faults.e2e.test.ts',
      'e2e/hl7-server/answers-whatever-comes.endure.test.ts',
    ],
    rules: { 'no-restricted-imports': restrict('net') },
  },
  // What is shipped starts no Orthanc: only a tool's tests may import the testbed.
  {
    files: ['tools/*/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(layer('tool', ...toolLayers)) },
  },
  {
    files: ['tools/*/src/**/*.ts'],
    ignores: ['**/main.ts', '**/*.test.ts'],
    rules: { 'no-restricted-globals': ['error', only('process', 'main.ts')] },
  },
  {
    files: [
      'e2e/**',
      'bench/**',
      'tools/*.ts',
      'testbed/bundle.ts',
      'libs/*/src/*-command.ts',
      'tools/*/bin/**',
    ],
    rules: { 'no-console': 'off' },
  },
  // Builds with what builds the tools, which is no package.
  { files: ['testbed/bundle.ts'], rules: { '@nx/enforce-module-boundaries': 'off' } },
);
