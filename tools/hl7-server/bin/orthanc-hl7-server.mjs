#!/usr/bin/env node
// The command of a tool: each tools/<tool>/bin/orthanc-<tool>.mjs is a copy of tools/command-stub.mjs, which a test holds
// them to. Committed as it is, so that npm can link the command before anything is built.
// Any Node from 12 on must be able to read it: no optional chaining, no top-level await.
import fs from 'fs';
import process from 'process';

const needed = [22, 13];
const [major, minor] = process.versions.node.split('.').map(Number);
const command = new URL(import.meta.url).pathname.replace(/^.*\/|\.mjs$/g, '');
const main = new URL('../dist/main.mjs', import.meta.url);

function refuse(sentence) {
  process.stderr.write(`${command} ${sentence}\n`);
  process.exitCode = 2;
}

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  refuse(`needs Node ${needed.join('.')} or newer; this is ${process.versions.node}.`);
} else if (!fs.existsSync(main)) {
  refuse('is not built yet: run "npm run build".');
} else {
  // SQLite is part of Node and tested here; its warning would stand before every output.
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning(warning, ...rest);
  };
  import(main.href).catch((error) => {
    process.stderr.write(`${error && error.stack ? error.stack : error}\n`);
    process.exitCode = 1;
  });
}
