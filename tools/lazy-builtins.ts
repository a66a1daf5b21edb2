// An import of node:http reads all that it exports, its WebSocket too, for which Node loads a whole HTTP client; one of node:tls
// decodes all root certificates. `require` reads nothing that is not asked for: a fifth of what --help costs beside Node itself.
import type { Plugin } from 'esbuild';

const dear = /^node:(http|https|tls|crypto)$/;

export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: dear }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : { path, external: true },
    );
    build.onLoad({ filter: dear, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
      loader: 'js',
    }));
  },
};
