import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { toolNames } from '../command/tool-names.ts';
import { repository } from '../docs/read-pages.ts';
import { runProgram } from './run-program.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly id?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: { readonly workflow_dispatch?: { readonly inputs: { tools: { default: string } } } };
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, { readonly permissions?: object; readonly steps: readonly Step[] }>>;
}

const folder = join(repository, '.github/workflows');
const files = await readdir(folder);
const textOf = (file: string) => readFile(join(folder, file), 'utf8');
const read = async (file: string) => parse(await textOf(file)) as Workflow;
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

describe.each(files)('the workflow %s', (file) => {
  it('takes each action by its commit, and says which version that is', async () => {
    const lines = (await textOf(file)).split('\n').filter((line) => /\buses:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may only read, unless a job says what it needs', async () => {
    expect((await read(file)).permissions).toEqual({ contents: 'read' });
  });

  it('hands nothing that somebody has typed in to a shell as text', async () => {
    for (const { run = '' } of stepsOf(await read(file))) expect(run).not.toContain('${{');
  });
});

const missing = { exitCode: 0, output: 'missing=true\n' };

/** The step, as GitHub runs it, with a `docker` that says what the registry says. */
async function lookAtRegistry(
  step: string,
  { says, exitCode }: { readonly says: string; readonly exitCode: number },
): Promise<{ exitCode: number | null; output: string }> {
  const home = await mkdtemp(join(tmpdir(), 'registry-'));
  try {
    const [docker, output] = [join(home, 'docker'), join(home, 'output')];
    await writeFile(docker, `#!/bin/sh\necho '${says}' >&2\nexit ${String(exitCode)}\n`);
    await chmod(docker, 0o755);
    await writeFile(output, '');
    const words = [`PATH=${home}:${process.env['PATH'] ?? ''}`, `GITHUB_OUTPUT=${output}`, 'IMAGE=of/it:1'];
    const ended = await runProgram('env', [...words, 'bash', '-e', '-c', step], home);
    return { exitCode: ended.exitCode, output: await readFile(output, 'utf8') };
  } finally {
    await rm(home, { recursive: true });
  }
}

describe('the workflow that publishes', () => {
  it('lets the packages prove where they come from, and the images need no right at all', async () => {
    const { jobs } = await read('release.yml');
    expect(jobs['packages']?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(jobs['images']?.permissions).toBeUndefined();
    const build = jobs['images']?.steps.find(({ uses = '' }) => uses.startsWith('docker/build-push-action'));
    expect(build?.with).toMatchObject({
      ...{ sbom: true, provenance: 'mode=max', push: true },
      platforms: 'linux/amd64,linux/arm64',
    });
  });

  it('tells npm the registry, without which the token is not used', async () => {
    const steps = (await read('release.yml')).jobs['packages']?.steps ?? [];
    const setUp = steps.findIndex(({ uses = '' }) => uses.startsWith('actions/setup-node'));
    const publish = steps.findIndex(({ env }) => env?.['NODE_AUTH_TOKEN'] !== undefined);
    expect(steps[setUp]?.with).toMatchObject({ 'registry-url': 'https://registry.npmjs.org' });
    expect(publish).toBeGreaterThan(setUp);
  });

  it('looks at the address of each package that is published', async () => {
    const steps = (await read('release.yml')).jobs['packages']?.steps ?? [];
    const look = steps.find(({ run = '' }) => run.includes('invalid'))?.run ?? '';
    for (const place of [
      'package.json',
      'tools/*/package.json',
      'orthanc-tools/package.json',
      'testbed/package.json',
    ])
      expect(look.split(' ')).toContain(place);
  });

  it.each([
    ['a manifest', '{}', 0, { exitCode: 0, output: 'missing=false\n' }],
    ['no such manifest', 'no such manifest: docker.io/orthanc-tools/cloner:1.2.3', 1, missing],
    ['another word for it', 'manifest unknown: manifest unknown', 1, missing],
    ['denied', 'errors: denied: requested access to the resource is denied', 1, missing],
    [
      'anything else',
      'toomanyrequests: You have reached your pull rate limit',
      1,
      { exitCode: 1, output: '' },
    ],
  ])(
    'makes an image only where the registry lacks the version: it says %s',
    async (_, says, exitCode, is) => {
      const steps = (await read('release.yml')).jobs['images']?.steps ?? [];
      const look = steps.find(({ id }) => id === 'image');
      expect(look?.run).toContain('docker manifest inspect "$IMAGE"');
      expect(look?.env?.['IMAGE']).toBe(
        'orthanc-tools/${{ matrix.tool }}:${{ steps.version.outputs.version }}',
      );
      expect(await lookAtRegistry(look?.run ?? '', { says, exitCode })).toEqual(is);
      const build = steps.find(({ uses = '' }) => uses.startsWith('docker/build-push-action'));
      expect(build?.if).toBe("steps.image.outputs.missing == 'true'");
      const at = (wanted: Step | undefined) => steps.findIndex((step) => step === wanted);
      expect(at(look)).toBeLessThan(at(build));
    },
  );

  it('installs nothing beside the token of the registry', async () => {
    const steps = (await read('release.yml')).jobs['images']?.steps ?? [];
    const login = steps.findIndex(({ uses = '' }) => uses.startsWith('docker/login-action'));
    const install = steps.findLastIndex(({ run = '' }) => run.includes('npm ci'));
    expect(install).toBeGreaterThanOrEqual(0);
    expect(login).toBeGreaterThan(install);
  });

  it('makes the image of each tool', async () => {
    const { on } = await read('release.yml');
    const named = JSON.parse(on.workflow_dispatch?.inputs.tools.default ?? '[]') as string[];
    expect(named.toSorted()).toEqual([...toolNames].toSorted());
  });
});
