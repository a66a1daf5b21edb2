import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { toolNames } from '../command/tool-names.ts';
import { repository } from '../docs/read-pages.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
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

  it('makes the image of each tool', async () => {
    const { on } = await read('release.yml');
    const named = JSON.parse(on.workflow_dispatch?.inputs.tools.default ?? '[]') as string[];
    expect(named.toSorted()).toEqual([...toolNames].toSorted());
  });
});
