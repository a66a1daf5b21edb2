import { createHash } from 'node:crypto';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { linesOf, openScene, populate } from './populate-scene.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a populated Orthanc', () => {
  it('holds exactly what the manifest says, the same whatever the number of workers', async () => {
    await using scene = await openScene();
    const common = '--studies 12 --series 2 --instances 5 --seed 42';
    const runs = await Promise.all(
      [1, 16].map((workers) => {
        const manifest = scene.path(`${String(workers)}.jsonl`);
        return populate(
          `--url ${scene.proxy.url} ${common} --workers ${String(workers)} --manifest ${manifest}`,
        );
      }),
    );
    for (const { exitCode, stderr } of runs)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const first = await readFile(scene.path('1.jsonl'), 'utf8');
    expect(await readFile(scene.path('16.jsonl'), 'utf8')).toBe(first);

    const lines = await linesOf(scene.path('1.jsonl'));
    expect(lines).toHaveLength(120);
    const held = (await scene.ask('/instances')) as string[];
    expect(held.sort()).toEqual(lines.map(({ orthancId }) => orthancId).sort());
    for (const { orthancId, sha256: expected, bytes } of lines.slice(0, 20)) {
      const file = await fetch(new URL(`/instances/${orthancId}/file`, scene.orthanc.url));
      const content = new Uint8Array(await file.arrayBuffer());
      expect([content.length, sha256(content)]).toEqual([bytes, expected]);
    }
  });

  it('is left as it is by a second run; another seed shares nothing with it', async () => {
    await using scene = await openScene();
    const run = (seed: number) => {
      const manifest = scene.path(`${String(seed)}.jsonl`);
      return populate(
        `--url ${scene.proxy.url} --studies 5 --series 1 --instances 3 --seed ${String(seed)} --log-format json --manifest ${manifest}`,
      );
    };
    expect((await run(1)).stdout).toContain('"storedInstances":15');
    const again = await run(1);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('"storedInstances":0');
    expect(again.stdout).toContain('"alreadyThereInstances":15');
    expect((await run(2)).stdout).toContain('"storedInstances":15');
    const patients = async (seed: number) =>
      new Set((await linesOf(scene.path(`${String(seed)}.jsonl`))).map(({ patientId }) => patientId));
    const other = await patients(2);
    expect([...(await patients(1))].filter((id) => other.has(id))).toEqual([]);
  });

  it('has the labels, metadata and attachments that were asked for', async () => {
    await using scene = await openScene();
    const { exitCode } = await populate(
      `--url ${scene.proxy.url} --studies 12 --series 1 --instances 2 --labels A,B --metadata 1024=synthetic --attachments 1025=text`,
    );
    expect(exitCode).toBe(0);
    const studies = (await scene.ask('/studies?expand')) as { ID: string; Labels: string[] }[];
    expect(studies).toHaveLength(12);
    const labels = new Set(studies.flatMap(({ Labels }) => Labels));
    expect([...labels].sort()).toEqual(['A', 'B']);
    expect(studies.some(({ Labels }) => Labels.length === 0)).toBe(true);
    for (const { ID } of studies) {
      const textOf = async (path: string) =>
        (await fetch(new URL(`/studies/${ID}/${path}`, scene.orthanc.url))).text();
      expect(await textOf('metadata/1024')).toBe('synthetic');
      expect(await textOf('attachments/1025/data')).toBe('text');
    }
  });
});

describe('what a study gets besides', () => {
  it('may be the bytes of a file, whatever they are', async () => {
    await using scene = await openScene();
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, at) => at % 256));
    await writeFile(scene.path('letter.pdf'), bytes);
    const { exitCode, stderr } = await populate(
      `--url ${scene.orthanc.url} --studies 2 --series 1 --instances 2 --attachments 1025=@${scene.path('letter.pdf')}`,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const id of (await scene.ask('/studies')) as string[]) {
      const answer = await fetch(new URL(`/studies/${id}/attachments/1025/data`, scene.orthanc.url));
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    }
  });

  it('is not put again where it is the same: a server that counts revisions would refuse that', async () => {
    await using scene = await openScene();
    const putBy = async (...wishes: string[]) => {
      scene.proxy.forget();
      const common = [
        '--url',
        scene.proxy.url,
        '--studies=1',
        '--series=1',
        '--instances=2',
        '--max-labels=0',
      ];
      expect((await populate([...common, ...wishes])).exitCode).toBe(0);
      const puts = scene.proxy.requests.filter(({ method }) => method === 'PUT');
      return puts.map(({ path }) => path.replace(/^.*\/(?=\w+\/\d+$)/, ''));
    };
    const first = ['--metadata', '1024=ä b', '--attachments', '1025=größer'];
    expect(await putBy(...first)).toEqual(['metadata/1024', 'attachments/1025']);
    expect(await putBy(...first)).toEqual([]);
    expect(await putBy('--metadata', '1024=c', '--attachments', '1025=größer')).toEqual(['metadata/1024']);
  });

  it.each([
    ['1025=@/nowhere/letter.pdf', '/nowhere/letter.pdf'],
    ['17=text', 'from 1024 to 65535, not 17'],
    ['no pair', 'NAME=VALUE'],
  ])('is refused in one sentence where it cannot be had: %s', async (pair, named) => {
    await using scene = await openScene();
    const given = ['--url', scene.orthanc.url, '--studies', '1', '--attachments', pair];
    const { exitCode, stderr } = await populate(given);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^orthanc-populator: --attachments \(ATTACHMENTS\)/);
    expect(stderr).toContain(named);
    expect(await scene.ask('/instances')).toEqual([]);
    expect((await populate(['--dry-run', '--attachments', pair])).exitCode).toBe(2);
  });

  it('may be protection, of the same patients in each run', async () => {
    const protectedIn = async (share: number): Promise<string[]> => {
      await using scene = await openScene();
      await populate(
        `--url ${scene.orthanc.url} --studies 40 --series 1 --instances 2 --protected-patients ${String(share)}`,
      );
      const patients = (await scene.ask('/patients?expand')) as { ID: string }[];
      const flags = await Promise.all(
        patients.map(async ({ ID }) =>
          (await fetch(new URL(`/patients/${ID}/protected`, scene.orthanc.url))).text(),
        ),
      );
      return patients.filter((_, at) => flags[at] === '1').map(({ ID }) => ID);
    };
    const some = await protectedIn(30);
    expect(some.length).toBeGreaterThan(1);
    expect((await protectedIn(30)).sort()).toEqual(some.sort());
    expect((await protectedIn(100)).length).toBeGreaterThan(some.length);
    expect(await protectedIn(0)).toEqual([]);
  });
});

describe('the way there', () => {
  const uploadsAt = async (roundTripMs: number): Promise<number> => {
    await using scene = await openScene();
    await using proxy = await startFaultProxy(scene.orthanc.url, { seed: 1, faults: { roundTripMs } });
    const { exitCode } = await populate(
      `--url ${proxy.url} --studies 4 --series 1 --instances 50 --workers 2 --max-labels 0`,
    );
    expect(exitCode).toBe(0);
    expect(await scene.ask('/instances')).toHaveLength(200);
    return proxy.requests.filter(({ method }) => method === 'POST').length;
  };

  it('is gone for each image by itself where it is short, and for many at once where it is long', async () => {
    expect(await uploadsAt(0)).toBe(200);
    expect(await uploadsAt(50)).toBe(2);
  });
});

describe('without an Orthanc', () => {
  it('writes the same files into a folder', async () => {
    await using scene = await openScene();
    const common = '--studies 3 --series 2 --instances 2 --image-content-type Phantom --image-width 64';
    const { exitCode } = await populate(
      `${common} --image-height 64 --output ${scene.path('files')} --manifest ${scene.path('m.jsonl')}`,
    );
    expect(exitCode).toBe(0);
    const names = await readdir(scene.path('files'), { recursive: true });
    const files = names.filter((name) => name.endsWith('.dcm')).sort();
    expect(files[0]).toBe('study-000001/series-001/instance-00001.dcm');
    const hashes = await Promise.all(
      files.map(async (name) => sha256(await readFile(scene.path(`files/${name}`)))),
    );
    expect(hashes).toEqual((await linesOf(scene.path('m.jsonl'))).map((line) => line.sha256));
  });

  it('says what it would make, and makes nothing', async () => {
    const { exitCode, stdout, stderr } = await populate(
      '--studies=5000 --seed=42 --dry-run --log-format json',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.match(/"study.planned"/g)).toHaveLength(5000);
    expect(stdout).toContain('"studies":5000');
  });
});

describe('the command line of the documentation of the Python tool', () => {
  it('works unchanged', async () => {
    const configuration = { AuthenticationEnabled: true, RegisteredUsers: { user: 'pwd' } };
    await using scene = await openScene({ configuration });
    const argv = '--url=http://192.168.0.10:8042 --user=user --password=pwd --studies=5000 --seed=42'
      .replace('http://192.168.0.10:8042', scene.proxy.url)
      .replace('5000', '2');
    const { exitCode, stdout, stderr } = await populate(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).not.toContain('pwd"');
  });

  it('knows every other option in its own spelling', async () => {
    const argv =
      '--studies=2 --series=1 --instances=2 --workers=3 --from_study_date=20220101 --to_study_date=20220131 --seed=7 --image_width=4 --image_height=6 --image_content_type=Random --dry_run --api_key=k --log_format=json';
    const { exitCode, stdout, stderr } = await populate(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.match(/"date":"202201\d\d"/g)).toHaveLength(2);
  });
});

it('tells a folder that cannot be made as a fault of the options', async () => {
  await using scene = await openScene();
  await populate(`--studies 1 --series 1 --instances 2 --output ${scene.path('a')}`);
  expect((await stat(scene.path('a'))).isDirectory()).toBe(true);
  const { exitCode, stderr } = await populate(
    `--studies 1 --output ${scene.path('a/study-000001/series-001/instance-00001.dcm')}`,
  );
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--output');
});

describe('every kind of object', () => {
  it('is stored, and Orthanc renders each image, in every transfer syntax', async () => {
    await using scene = await openScene();
    const { exitCode, stderr } = await populate(
      `--url ${scene.proxy.url} --studies 150 --series 1 --instances 1 --modality CT,MR,CR,DX,US,MG,PT,SC,SR,PDF --transfer-syntaxes all --image-content-type Phantom --image-width 48 --image-height 40 --manifest ${scene.path('m.jsonl')} --max-labels 0`,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = await linesOf(scene.path('m.jsonl'));
    const firstOfSeries = lines.filter(({ instance }) => instance === 1);
    expect(new Set(firstOfSeries.map(({ modality }) => modality)).size).toBe(10);
    expect(new Set(firstOfSeries.map(({ transferSyntaxUid }) => transferSyntaxUid)).size).toBe(7);
    for (const { orthancId, modality } of firstOfSeries) {
      if (modality === 'SR') continue;
      const kind = modality === 'DOC' ? 'pdf' : 'preview';
      const answer = await fetch(new URL(`/instances/${orthancId}/${kind}`, scene.orthanc.url));
      expect({ modality, status: answer.status }).toEqual({ modality, status: 200 });
    }
  });

  it('follows the number of instances as in the Python tool: one makes projections, several make slices', async () => {
    const modalitiesOf = async (instances: number) => {
      const { stdout } = await populate(
        `--dry-run --studies 60 --instances ${String(instances)} --log-format json`,
      );
      return [...new Set([...stdout.matchAll(/"modality":"(\w+)"/g)].map(([, modality]) => modality))].sort();
    };
    expect(await modalitiesOf(1)).toEqual(['CR', 'DX', 'MG']);
    expect(await modalitiesOf(5)).toEqual(['CT', 'MR', 'PT']);
  });
});
