#!/usr/bin/env node
// orthanc-tools <tool> …: becomes the tool, in the same process. Its own command refuses a Node that is too old, so that this
// one has to be readable by such a Node: no optional chaining, no top-level await.
import { createRequire } from 'module';
import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import { pathToFileURL } from 'url';
import process from 'process';

const require = createRequire(import.meta.url);
const scope = '@orthanc-tools/';

function manifestOf(name) {
  const path = require.resolve(`${name}/package.json`);
  return { folder: dirname(path), manifest: JSON.parse(readFileSync(path, 'utf8')) };
}

const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const tools = Object.keys(own.dependencies).map((name) => name.slice(scope.length));

function overview() {
  const width = Math.max(...tools.map((tool) => tool.length));
  const lines = tools.map((tool) => {
    const { version, description } = manifestOf(scope + tool).manifest;
    return `  ${tool.padEnd(width)}  ${version}  ${description}`;
  });
  return `Usage: orthanc-tools <tool> [command] [options]\n\n${lines.join('\n')}\n\n"orthanc-tools <tool> --help" explains one.\n`;
}

const [tool, ...words] = process.argv.slice(2);
if (tool === undefined || tool === '--help' || tool === '-h' || (tool === 'help' && words.length === 0)) {
  process.stdout.write(overview());
} else if (tool === '--version' || tool === '-V') {
  process.stdout.write(`orthanc-tools ${own.version}\n`);
} else if (tool === 'help' ? tools.includes(words[0]) : tools.includes(tool)) {
  const asked = tool === 'help' ? [words[0], '--help'] : [tool, ...words];
  const { folder, manifest } = manifestOf(scope + asked[0]);
  const command = join(folder, manifest.bin[`orthanc-${asked[0]}`]);
  process.argv = [process.argv[0], command, ...asked.slice(1)];
  import(pathToFileURL(command).href).catch((error) => {
    process.stderr.write(`${error && error.stack ? error.stack : error}\n`);
    process.exitCode = 1;
  });
} else {
  const what = tool.startsWith('-') ? `knows no option ${tool}` : `knows no tool ${tool}`;
  process.stderr.write(`orthanc-tools ${what}; there are ${tools.join(', ')}.\n`);
  process.exitCode = 2;
}
