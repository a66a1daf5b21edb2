import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { populate } from './populate-scene.ts';

async function openFolder() {
  const root = await mkdtemp(join(tmpdir(), 'populator-'));
  const contents = async () => {
    const names = await readdir(root, { recursive: true });
    const files = names.filter((name) => name.endsWith('.dcm')).sort();
    return Promise.all(files.map(async (name) => [name, await readFile(join(root, name), 'latin1')]));
  };
  return {
    root,
    contents,
    fill: (shape = '--studies 2 --instances 2') =>
      populate(`--output ${root} --series 1 --modality CT --log-format json ${shape}`),
    put: async (name: string) => {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), 'of somebody else');
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

it('gets no labels, metadata, attachments or protection, and that is said', async () => {
  await using folder = await openFolder();
  const wishes =
    '--labels A --max-labels 3 --metadata 1024=a --attachments 1025=a --protected-patients 50 --dry-run';
  const { exitCode, stdout } = await folder.fill(`--studies 9 --instances 2 ${wishes}`);
  expect(exitCode).toBe(0);
  for (const option of ['labels', 'max-labels', 'metadata', 'attachments', 'protected-patients'])
    expect(stdout).toMatch(new RegExp(`"option.doubted".*--${option} .* has no effect: --output `));
  expect(stdout).toContain('"labels":0');
});

describe('a folder that is not empty', () => {
  it('is gone on with where it is of the same archive', async () => {
    await using folder = await openFolder();
    await folder.fill();
    const before = await folder.contents();
    await rm(join(folder.root, 'study-000002'), { recursive: true });
    const { exitCode, stdout } = await folder.fill();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/"storedInstances":2,.*"alreadyThereInstances":2/);
    expect(await folder.contents()).toEqual(before);
  });

  it.each([
    ['of another seed', '--studies 2 --instances 2 --seed 2'],
    ['of images of another size', '--studies 2 --instances 2 --image-width 4'],
    ['of fewer images', '--studies 2 --instances 1'],
    ['of fewer studies', '--studies 1 --instances 2'],
  ])('is refused, and left as it is, by a run %s', async (_, shape) => {
    await using folder = await openFolder();
    await folder.fill();
    const before = await folder.contents();
    const { exitCode, stderr } = await folder.fill(shape);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^orthanc-populator: --output \(OUTPUT\): ".+\.dcm" .+ \[OUTPUT_HOLDS_OTHERS\]\n$/,
    );
    expect(await folder.contents()).toEqual(before);
  });

  it('is found unsound by doctor where the run would refuse it', async () => {
    await using folder = await openFolder();
    const doctor = (shape: string) =>
      populate(`doctor --output ${folder.root} --series 1 --modality CT ${shape}`);
    await folder.fill();
    expect((await doctor('--studies 2 --instances 2')).exitCode).toBe(0);
    expect((await doctor('--studies 1 --instances 2')).exitCode).toBe(2);
    expect((await doctor('--studies 2 --instances 1')).exitCode).toBe(2);
  });

  it.each([['study-000002/other.dcm'], ['study-000002/series-002/instance-00001.dcm']])(
    'is refused where a study holds a file of somebody else: %s',
    async (name) => {
      await using folder = await openFolder();
      await folder.put(name);
      const { exitCode, stderr } = await folder.fill();
      expect(exitCode).toBe(2);
      expect(stderr).toContain(join(folder.root, name));
    },
  );
});
