// An import of one of Node's own modules loads it, and reads all that it exports: of node:http its WebSocket too, for which Node
// loads a whole HTTP client; of node:fs its streams; of node:tls all root certificates, decoded. Together that is half of what
// --help costs beside Node itself. Here each is loaded when something of it is first used, and nothing else of it is read.
import { builtinModules, createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const own = new RegExp(`^(node:)?(${builtinModules.join('|')})$`);
const require = createRequire(import.meta.url);

export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: own }, ({ path, kind, importer }) => {
      // Libraries that are loaded later have theirs apart: what they shared with us would be a file of its own.
      const full = path.startsWith('node:') ? path : `node:${path}`;
      return kind === 'import-statement'
        ? { path: full, namespace: 'builtin', suffix: importer.includes('node_modules') ? '?libraries' : '' }
        : { path: full, external: true };
    });
    build.onLoad({ filter: own, namespace: 'builtin' }, ({ path }) => ({
      contents: whenUsed(path),
      loader: 'js',
    }));
  },
};

function whenUsed(path: string): string {
  if (path === 'node:process') return 'module.exports = process;';
  const itself: unknown = require(path);
  // A class or a function, which is more than what it has.
  if (typeof itself !== 'object' || itself === null) return `module.exports = require('${path}');`;
  // Those of the Node that builds; what the Node that runs does not have is undefined there, as ever.
  const names = Object.getOwnPropertyNames(itself).join(' ');
  return `let loaded;
const load = () => (loaded ??= require('${path}'));
for (const name of '${names}'.split(' '))
  Object.defineProperty(module.exports, name, { enumerable: true, get: () => load()[name] });
`;
}
