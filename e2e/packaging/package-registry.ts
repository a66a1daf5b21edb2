import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '@orthanc-tools/orthanc-testbed';
import { type Ended, runProgram } from './run-program.ts';

/** A registry of npm packages on this machine, empty at first. It knows no other registry. */
export interface PackageRegistry extends AsyncDisposable {
  /** Packs a folder of the repository and publishes it. @returns the path of the tarball */
  publish(place: string): Promise<string>;
  /** Runs npm, npx or a program that uses them, with this registry and with a cache of its own. */
  run(file: string, args: readonly string[], cwd: string): Promise<Ended>;
}

export async function openPackageRegistry(): Promise<PackageRegistry> {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'package-registry-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const url = await startVerdaccio(folder, stack);
  const settings = join(folder, 'npmrc');
  // Whoever publishes has to be somebody; the registry takes anybody.
  await writeFile(settings, `registry=${url}\n${url.replace('http:', '')}:_authToken=anybody\n`);
  const run = (file: string, args: readonly string[], cwd: string) =>
    runProgram(file, args, cwd, {
      npm_config_userconfig: settings,
      npm_config_cache: join(folder, 'cache'),
      npm_config_update_notifier: 'false',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    });
  return {
    run,
    async publish(place) {
      const source = fileURLToPath(new URL(`../../${place}`, import.meta.url));
      const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], source);
      const [made] = JSON.parse(packed.stdout) as { filename: string }[];
      if (made === undefined) throw new Error(`npm pack made no package: ${packed.stderr}`);
      const tarball = join(folder, made.filename);
      const words = ['publish', tarball, '--tag=latest', '--provenance=false'];
      const published = await run('npm', words, folder);
      if (published.exitCode !== 0) throw new Error(`npm publish: ${published.stderr}`);
      return tarball;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** @returns its address */
async function startVerdaccio(folder: string, stack: AsyncDisposableStack): Promise<string> {
  const configuration = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    packages: { '**': { access: '$all', publish: '$all' } },
    web: { enable: false },
    log: { type: 'stdout', format: 'pretty', level: 'warn', colors: false },
  };
  const file = join(folder, 'verdaccio.yaml');
  await writeFile(file, JSON.stringify(configuration));
  const address = `127.0.0.1:${String(await freePort())}`;
  const verdaccio = join(
    createRequire(import.meta.url).resolve('verdaccio/package.json'),
    '../bin/verdaccio',
  );
  const child = spawn(process.execPath, [verdaccio, '--config', file, '--listen', address], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // It minds being started by root, as CI does.
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  stack.defer(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('http address')) {
      child.stdout.resume();
      return `http://${address}/`;
    }
  throw new Error('The registry ended before it listened.');
}
