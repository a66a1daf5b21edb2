#!/usr/bin/env node
// The first process of a tool's image: becomes the tool, in the same process, so that signals reach it.
//
// Called "python" it understands what compose files of python-orthanc-tools say, "python -m orthanc_tools.<module>",
// so that only their image has to change.
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';

/** Which tool took over from which module of python-orthanc-tools. */
const toolOfModule = {
  orthanc_cloner: 'cloner',
  orthanc_forwarder: 'forwarder',
  orthanc_folder_importer: 'importer',
  pacs_migrator: 'migrator',
  orthanc_comparator: 'comparator',
  orthanc_test_db_populator: 'populator',
  orthanc_cleaner: 'cleaner',
  hl7_worklist_server_for_orthanc: 'hl7-server',
};

const isPython = (word) => /^python(3(\.\d+)?)?$/.test(basename(word ?? ''));

/** The words after "-m orthanc_tools.<module>", or why not. */
function readPythonWords(words, tool) {
  // Switches of the interpreter, such as -u, mean nothing here.
  const at = words.findIndex((word) => !/^-[bBdEhiIOPqsSuvx]+$/.test(word));
  const [, module] = /^orthanc_tools\.(\w+)$/.exec(words[at + 1] ?? '') ?? [];
  const wanted = words[at] === '-m' && module !== undefined ? toolOfModule[module] : undefined;
  if (wanted === undefined) return { refusal: 'only "-m orthanc_tools.<module>" is understood here' };
  if (wanted !== tool)
    return { refusal: `this is the image of ${tool}; orthanc_tools.${module} is in the image of ${wanted}` };
  return { words: words.slice(at + 2) };
}

/** The kernel lets no signal end the first process of a container by itself: until the tool listens, this does. */
function endBySignal() {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(130);
    });
  }
}

/** Where tools of the image write unless they are told otherwise. */
const ownFolders = ['/status', '/worklists'];

/** A folder of the host that is mounted there is often root's: a tool that fails then fails for that. */
function tellRemedy(command) {
  for (const path of ownFolders) {
    try {
      accessSync(path, constants.W_OK);
    } catch (error) {
      if (error.code !== 'EACCES') continue;
      const [user, owner] = [process.getuid(), statSync(path).uid];
      process.stderr.write(
        `${command}: user ${user} may not write to ${path}, which belongs to user ${owner}: give the folder that is mounted there to the user ("chown -R ${user} FOLDER" on the host), or run the container as user ${owner}.\n`,
      );
    }
  }
}

const folder = new URL('tool/', import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
const [[command, path]] = Object.entries(bin);

const [called, ...given] = isPython(process.argv[1]) ? process.argv.slice(1) : process.argv.slice(2);
const { words, refusal } = isPython(called)
  ? readPythonWords(given, command.replace(/^orthanc-/, ''))
  : { words: process.argv.slice(2) };

if (refusal === undefined) {
  const main = new URL(path, folder);
  endBySignal();
  process.on('exit', (code) => {
    if (code === 2) tellRemedy(command);
  });
  process.argv = [process.argv[0], main.pathname, ...words];
  await import(main.href);
} else {
  process.stderr.write(`${basename(called)}: ${refusal}.\n`);
  process.exitCode = 2;
}
