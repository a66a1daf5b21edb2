import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineAnswers } from './docker-engine.ts';
import { withMachineLock } from './machine-lock.ts';

type Say = (line: string) => void;

const daemonLog = join(tmpdir(), 'orthanc-testbed-dockerd.log');

/**
 * Sees to a Docker engine where `TESTBED_PROVISION=engine` asks for one: installs Debian's, or starts one that is
 * installed but not running. Says what it does, and why it does nothing. It never runs unasked.
 */
export async function provisionEngine(say: Say): Promise<boolean> {
  if (await engineAnswers()) return true;
  if (process.env['TESTBED_PROVISION'] !== 'engine') return false;
  return await withMachineLock(join(tmpdir(), 'orthanc-testbed-engine.lock'), async () => {
    if (await engineAnswers()) return true;
    const obstacle = obstacleOf();
    if (obstacle !== undefined) {
      say(`TESTBED_PROVISION=engine: no engine can be provided, as ${obstacle}`);
      return false;
    }
    const began = Date.now();
    const answers = await installAndStart(say);
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    say(
      `TESTBED_PROVISION=engine: the engine ${answers ? 'answers' : `does not answer, see ${daemonLog};`} after ${seconds} s`,
    );
    return answers;
  });
}

function obstacleOf(): string | undefined {
  if (process.getuid?.() !== 0) return 'this is not root';
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release) ? undefined : 'this is neither Debian nor Ubuntu';
}

async function installAndStart(say: Say): Promise<boolean> {
  if (findDaemon() === undefined) {
    say('TESTBED_PROVISION=engine: installing the package docker.io');
    const hasInstalled = apt('update') && apt('install', '--yes', '--no-install-recommends', 'docker.io');
    if (!hasInstalled) say('TESTBED_PROVISION=engine: apt-get could not install docker.io');
    // Where an init system runs, the package has started its own service.
    if (await untilEngineAnswers(existsSync('/run/systemd/system') ? 15 : 0)) return true;
  }
  const daemon = findDaemon();
  if (daemon === undefined) return false;
  const output = openSync(daemonLog, 'a');
  const child = spawn(daemon, [], { detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  child.unref();
  say(
    `TESTBED_PROVISION=engine: started ${daemon} in the background, process ${String(child.pid)}; it keeps running`,
  );
  return await untilEngineAnswers(60);
}

function apt(...words: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    spawnSync('apt-get', ['-qq', ...words], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  );
}

function findDaemon(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/bin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, 'dockerd')).find((path) => existsSync(path));
}

async function untilEngineAnswers(seconds: number): Promise<boolean> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await delay(250)) {
    if (await engineAnswers()) return true;
  }
  return await engineAnswers();
}
