// Every project has the same targets, derived from where it stands: no project repeats them.
import { dirname } from 'node:path';

const run = (command, cwd = '{projectRoot}') => ({ executor: 'nx:run-commands', options: { command, cwd } });

function targetsOf(projectRoot) {
  const targets = {
    typecheck: run('tsc -p tsconfig.json'),
    lint: run(`eslint ${projectRoot}`, '{workspaceRoot}'),
  };
  if (projectRoot.startsWith('libs/') || projectRoot.startsWith('tools/')) {
    targets.unit = run(
      `node --experimental-vm-modules node_modules/jest/bin/jest.js --selectProjects unit --passWithNoTests=false ${projectRoot}/`,
      '{workspaceRoot}',
    );
  }
  if (projectRoot === 'testbed') targets.bundle = run('node testbed/bundle.ts', '{workspaceRoot}');
  if (projectRoot.startsWith('tools/')) {
    targets.bundle = run(`node tools/bundle.ts ${projectRoot}`, '{workspaceRoot}');
    targets.declare = {
      ...run(`node tools/declare.ts ${projectRoot}`, '{workspaceRoot}'),
      outputs: ['{projectRoot}/dist/index.d.mts'],
    };
    targets.docs = run(
      `node libs/tool-options/src/docs-command.ts ${projectRoot} --write`,
      '{workspaceRoot}',
    );
    targets['docs-check'] = run(
      `node libs/tool-options/src/docs-command.ts ${projectRoot}`,
      '{workspaceRoot}',
    );
  }
  return targets;
}

export const createNodesV2 = [
  '{libs/*,tools/*,testbed,e2e,bench}/package.json',
  (files) =>
    files.map((file) => {
      const root = dirname(file);
      return [file, { projects: { [root]: { root, targets: targetsOf(root) } } }];
    }),
];
