import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { untilReady } from './orthanc-log.ts';
import { createRunFolder } from './run-folder.ts';

export interface NativePostgres {
  end(): Promise<void>;
}

export interface NativePostgresRequest {
  readonly launcher: string;
  readonly port: number;
  readonly databases: readonly string[];
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`. */
const nobody = 65_534;

/** Starts the PostgreSQL that is installed on this machine, with a cluster of its own. */
export async function startNativePostgres(request: NativePostgresRequest): Promise<NativePostgres> {
  const { launcher, port, databases } = request;
  const folder = createRunFolder();
  const isRoot = userInfo().uid === 0;
  const home = join(folder.path, 'postgresql');
  mkdirSync(home);
  if (isRoot) {
    for (const path of [dirname(folder.path), folder.path]) chmodSync(path, 0o711);
    chownSync(home, nobody, nobody);
  }
  const logPath = join(folder.path, 'postgresql.log');
  const output = openSync(logPath, 'a');
  // By its text: whoever it runs as may not be let into the folder of the repository.
  const child = spawn('/bin/sh', ['-c', readFileSync(launcher, 'utf8')], {
    cwd: home,
    stdio: ['ignore', output, output],
    env: {
      PATH: process.env['PATH'],
      PGDATA: join(home, 'data'),
      PGPORT: String(port),
      DATABASES: databases.join(' '),
    },
    ...(isRoot && { uid: nobody, gid: nobody }),
  });
  closeSync(output);
  if (child.pid !== undefined) folder.recordServer(child.pid);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const endWithUs = (): unknown => child.kill('SIGQUIT');
  process.once('exit', endWithUs);
  const end = async (): Promise<void> => {
    process.off('exit', endWithUs);
    if (!hasEnded()) {
      const exit = once(child, 'exit');
      child.kill('SIGQUIT');
      await exit;
    }
    folder.remove();
  };
  try {
    const read = () => Promise.resolve(readFileSync(logPath, 'utf8'));
    await untilReady({ read, hasEnded }, { name: 'PostgreSQL', readyLine: 'ready to accept connections' });
  } catch (error) {
    await end();
    throw error;
  }
  return { end };
}
