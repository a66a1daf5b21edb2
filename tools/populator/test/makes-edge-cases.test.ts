import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { edgeCases } from '@orthanc-tools/dicom-synthesis/edge-cases';
import { linesOf, openScene, populate } from './populate-scene.ts';

const alone = '--studies 0 --edge-cases';
const every = edgeCases.map(({ name }) => name);

describe('every edge case', () => {
  it('is stored by Orthanc under the identifier that the manifest tells, whatever the number of workers', async () => {
    await using scene = await openScene();
    for (const workers of [1, 8]) {
      const manifest = scene.path(`${String(workers)}.jsonl`);
      const { stdout, stderr } = await populate(
        `--url ${scene.proxy.url} ${alone} --workers ${String(workers)} --log-format json --manifest ${manifest}`,
      );
      expect(stderr).toBe('');
      expect(stdout).toContain('"setAsideInstances":0');
    }
    expect(await readFile(scene.path('8.jsonl'), 'utf8')).toBe(await readFile(scene.path('1.jsonl'), 'utf8'));
    const lines = await linesOf(scene.path('1.jsonl'));
    expect([...new Set(lines.map(({ edgeCase }) => edgeCase))]).toEqual(every);
    const held = (await scene.ask('/instances')) as string[];
    expect(held.sort()).toEqual(lines.map(({ orthancId }) => orthancId).sort());
  });

  it('is listed before anything is made, after the usual studies', async () => {
    const { exitCode, stdout } = await populate('--dry-run --studies 1 --edge-cases --log-format json');
    expect(exitCode).toBe(0);
    const named = [...stdout.matchAll(/"edgeCase":"([a-z-]+)"/g)].map(([, name]) => name);
    expect([...new Set(named)]).toEqual(every);
    expect(stdout.match(/"study.planned"/g)).toHaveLength(named.length + 1);
  });
});

it('refuses a case that it does not know in one sentence that lists them; and no studies at all', async () => {
  const unknown = await populate(`--dry-run ${alone} no-study-dat`);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toMatch(
    /^orthanc-populator: --edge-cases \(EDGE_CASES\) must be of [^\n]+, not "no-study-dat"\.\n/,
  );
  for (const { name } of edgeCases) expect(unknown.stderr).toContain(name);
  expect((await populate('--dry-run --studies 0')).exitCode).toBe(2);
});
