import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openTestbed } from '@orthanc-tools/orthanc-testbed';
import { verifyTrail } from '../src/audit/verify-trail.ts';
import { type Scene, openScene } from './clean-scene.ts';

const rules = { rules: [{ name: 'old', labels: ['A'], olderThan: '10 days', by: 'study-date' }] };

/** What its plugins prepare of stable studies would change the size of what it holds. */
const stillDisk = { StableAge: 600 };

async function openArchive(due: number, others = 0): Promise<Scene> {
  const scene = await openScene({ configuration: stillDisk });
  for (let number = 1; number <= due; number += 1)
    await scene.make({ name: `due${String(number).padStart(2, '0')}`, labels: ['A'] });
  for (let number = 1; number <= others; number += 1) await scene.make({ name: `kept${String(number)}` });
  return scene;
}

describe('the fuse', () => {
  it('deletes nothing when more is due than it allows, until somebody says a higher number', async () => {
    await using scene = await openArchive(3);
    let weighed = 0;
    const isWeighing = ({ path }: { readonly path: string }) => /^\/studies\/.*\/statistics$/.test(path);
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      matching: (request) => isWeighing(request) && (weighed += 1) < 0,
    });
    const blown = await scene.run({ rules, more: ['--max-studies=2'] });
    expect(blown.exitCode).toBe(3);
    expect(blown.summary).toMatchObject({ fuse: 'maxStudies', plannedStudies: 3, deletedStudies: 0 });
    expect(blown.events('fuse.blown')).toMatchObject([{ planned: 3, maxStudies: 2, level: 'error' }]);
    expect(await scene.held()).toHaveLength(3);
    expect(weighed).toBe(0);
    expect((await scene.trail()).map(({ event }) => event)).toEqual(['plan.made', 'fuse.blown']);
    expect((await scene.run({ rules, more: ['--max-studies=3'] })).summary).toMatchObject({
      deletedStudies: 3,
    });
    expect(await scene.held()).toEqual([]);
  });

  it('is there without being asked for: a fifth of all studies', async () => {
    await using scene = await openArchive(11, 43);
    const { exitCode, summary } = await scene.run({ rules, more: ['--max-percent=20'] });
    expect([exitCode, summary['fuse'], (await scene.held()).length]).toEqual([3, 'maxPercent', 54]);
  });
});

it('a modality that is kept is kept where no rule by which studies are deleted asks for modalities', async () => {
  await using scene = await openArchive(1);
  await scene.make({ name: 'mammogram', labels: ['A'], modalities: ['MG', 'SR'] });
  const { summary, report } = await scene.run({
    rules: { ...rules, keep: [{ name: 'mammo', modalities: ['MG'] }] },
  });
  expect(await scene.held()).toEqual(['mammogram']);
  expect(summary).toMatchObject({ plannedStudies: 1, deletedStudies: 1 });
  expect(report['heldBack']).toEqual({ mammo: 1 });
});

it('what is remembered of one Orthanc is not taken for what is to be done at another', async () => {
  await using scene = await openArchive(1);
  await scene.run({ rules, more: ['--quarantine-days=7'] });
  const { exitCode, stderr } = await scene.run({ rules, url: scene.orthanc.url });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(scene.orthanc.url)]);
  expect(await scene.held()).toEqual(['due01']);
  expect((await scene.run({ rules, url: `${scene.proxy.url}/` })).exitCode).toBe(0);
});

it('a dry run shows every study and its rule, and changes nothing', async () => {
  await using scene = await openArchive(2, 1);
  const { exitCode, events } = await scene.run({ rules, more: ['--dry-run', '--quarantine-days=3'] });
  expect(exitCode).toBe(0);
  expect(events('study.planned')).toMatchObject(Array(2).fill({ rule: 'old', instances: 1 }));
  expect(events('rule.planned')).toMatchObject([
    { rule: 'old', studies: 2, instances: 2, oldest: '20200101', newest: '20200101' },
  ]);
  expect(await scene.held()).toHaveLength(3);
  expect(await scene.ask('/tools/labels')).toEqual(['A']);
  expect(await scene.trail()).toEqual([]);
});

describe('the quarantine', () => {
  const inQuarantine = ['--quarantine-days=7'];
  const labelsOf = (scene: Scene, name: string) => scene.ask(`/studies/${scene.ids.get(name) ?? ''}/labels`);

  it('labels first, and deletes when its days are over what still has the label', async () => {
    await using scene = await openArchive(3);
    await scene.moveTo('2027-06-30 10:00:00');
    const first = await scene.run({ rules, more: inQuarantine });
    expect(first.summary).toMatchObject({ quarantinedStudies: 3, deletedStudies: 0 });
    expect(await labelsOf(scene, 'due01')).toEqual(['A', 'to-be-deleted']);
    await scene.moveTo('2027-07-07 09:00:00');
    expect((await scene.run({ rules, more: inQuarantine })).summary).toMatchObject({
      waitingStudies: 3,
      deletedStudies: 0,
    });
    await scene.send('DELETE', `/studies/${scene.ids.get('due02') ?? ''}/labels/to-be-deleted`);
    await scene.moveTo('2027-07-07 11:00:00');
    const last = await scene.run({ rules, more: inQuarantine });
    expect(last.summary).toMatchObject({ deletedStudies: 2, releasedStudies: 1 });
    expect(await scene.held()).toEqual(['due02']);
    // Whoever took it off has spoken for good.
    await scene.moveTo('2027-08-30 11:00:00');
    expect((await scene.run({ rules, more: inQuarantine })).summary).toMatchObject({
      deletedStudies: 0,
      releasedStudies: 1,
    });
    expect(await scene.held()).toEqual(['due02']);
  });

  it('takes the label off again what is not due any more', async () => {
    await using scene = await openArchive(1);
    await scene.run({ rules, more: inQuarantine });
    await scene.send('DELETE', `/studies/${scene.ids.get('due01') ?? ''}/labels/A`);
    await scene.run({ rules, more: inQuarantine });
    expect(await labelsOf(scene, 'due01')).toEqual([]);
  });

  it('does not change what the rules say: a label of ours is none', async () => {
    await using scene = await openScene();
    await scene.make({ name: 'plain' });
    await scene.moveTo('2027-06-30 10:00:00');
    const unlabelled = {
      rules: [{ name: 'plain', withoutLabels: true, olderThan: '10 days', by: 'study-date' }],
    };
    await scene.run({ rules: unlabelled, more: inQuarantine });
    await scene.moveTo('2027-07-08 10:00:00');
    expect((await scene.run({ rules: unlabelled, more: inQuarantine })).summary).toMatchObject({
      deletedStudies: 1,
    });
  });
});

describe('only if at another place', () => {
  it('that is an Orthanc, what it holds byte for byte is deleted', async () => {
    await using scene = await openArchive(3);
    await using other = await (await openTestbed({ provider: 'native' })).startOrthanc({ name: 'other' });
    const send = async (name: string) => {
      const [id = ''] = (await scene.ask(
        `/studies/${scene.ids.get(name) ?? ''}/instances?expand=false`,
      )) as string[];
      const file = Buffer.from(
        await (await fetch(`${scene.orthanc.url}/instances/${id}/file`)).arrayBuffer(),
      );
      return async (change: (bytes: Buffer) => void = () => undefined) => {
        change(file);
        await fetch(`${other.url}/instances`, { method: 'POST', body: new Uint8Array(file) });
      };
    };
    await (
      await send('due01')
    )();
    // Another content under the same identifiers: the accession number would have been there, had there been one.
    await (
      await send('due02')
    )((bytes) => bytes.write('X', bytes.indexOf('Quentin')));
    const { exitCode, summary, events } = await scene.run({ rules, more: [`--only-if-at=${other.url}`] });
    expect(exitCode).toBe(3);
    expect(summary).toMatchObject({ deletedStudies: 1, leftStudies: 2 });
    expect(events('study.left')).toMatchObject(Array(2).fill({ why: 'not elsewhere' }));
    expect(await scene.held()).toEqual(['due02', 'due03']);
  });

  it('that is a modality, what it names is deleted', async () => {
    await using pacs = await (
      await openTestbed({ provider: 'native' })
    ).startOrthanc({
      name: 'pacs',
      configuration: { DicomAlwaysAllowFind: true, DicomAlwaysAllowStore: true },
    });
    await using scene = await openArchive(2);
    const [aet, host, port] = pacs.modality;
    await scene.send('PUT', '/modalities/pacs', { AET: aet, Host: host, Port: port });
    await scene.send('POST', '/modalities/pacs/store', scene.ids.get('due01'));
    const { exitCode, summary } = await scene.run({ rules, more: ['--only-if-at=pacs'] });
    expect([exitCode, summary['deletedStudies'], summary['leftStudies']]).toEqual([3, 1, 1]);
    expect(await scene.held()).toEqual(['due02']);
  });

  it('is not the Orthanc itself, nor a modality that nobody knows', async () => {
    await using scene = await openArchive(1);
    const itself = await scene.run({ rules, more: [`--only-if-at=${scene.orthanc.url}`] });
    expect([itself.exitCode, itself.stderr]).toEqual([2, expect.stringContaining('would vouch for itself')]);
    const [aet, host, port] = scene.orthanc.modality;
    await scene.send('PUT', '/modalities/self', { AET: aet, Host: host, Port: port });
    await scene.send('PUT', '/modalities/other-name', { AET: 'OTHER', Host: host, Port: port });
    for (const alias of ['self', 'other-name']) {
      const run = await scene.run({ rules, more: [`--only-if-at=${alias}`] });
      expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('would vouch for itself')]);
    }
    const unknown = await scene.run({ rules, more: ['--only-if-at=nobody'] });
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('nobody')]);
    expect(await scene.held()).toEqual(['due01']);
  });
});

it('rules for a full disk apply above the high mark, and until the low mark', async () => {
  await using scene = await openArchive(4);
  const full = {
    rules: [
      { name: 'room', everything: true, olderThan: '10 days', by: 'study-date', onlyWhenDiskIsFull: true },
    ],
  };
  expect((await scene.run({ rules: full })).summary).toMatchObject({ plannedStudies: 0 });
  const { TotalDiskSize: size } = (await scene.ask('/statistics')) as { TotalDiskSize: string };
  const inKilobytes = (bytes: number) => `${String(bytes / 1024)}KB`;
  const more = [
    `--disk-high-mark=${inKilobytes(Number(size) - 1)}`,
    `--disk-low-mark=${inKilobytes(Number(size) / 2)}`,
  ];
  expect((await scene.run({ rules: full, more })).summary).toMatchObject({ deletedStudies: 2 });
});

it('rules for a full disk keep their minimum while it is not full', async () => {
  await using scene = await openArchive(3);
  const room = { ...rules.rules[0], name: 'room', onlyWhenDiskIsFull: true, minimumToKeep: 2 };
  const { summary, report } = await scene.run({ rules: { rules: [...rules.rules, room] } });
  expect(summary).toMatchObject({ deletedStudies: 1 });
  expect(report['heldBack']).toEqual({ 'minimum to keep of room': 2 });
});

it('records plan and deletions in a chain without any patient data', async () => {
  await using scene = await openArchive(2);
  await scene.run({ rules });
  const path = join(scene.folder, 'trail.jsonl');
  expect((await scene.trail()).map(({ event }) => event)).toEqual([
    'plan.made',
    'studies.deleting',
    'studies.deleted',
  ]);
  expect((await scene.trail())[2]).toMatchObject({
    facts: { studies: [...scene.ids.values()].sort().map((study) => ({ study, rule: 'old', instances: 1 })) },
  });
  expect(await readFile(path, 'utf8')).not.toMatch(/Zyxwvut|P-due/);
  expect(await verifyTrail(path)).toEqual({ is: 'whole', records: 3 });
  await writeFile(path, (await readFile(path, 'utf8')).replace('"instances":1', '"instances":2'));
  const doctor = await scene.run({
    rules,
    argv: [
      'doctor',
      `--url=${scene.proxy.url}`,
      `--labels-file-path=${join(scene.folder, 'rules.json')}`,
      `--audit-trail=${path}`,
      `--ledger-path=${join(scene.folder, 'cleaner.ledger.sqlite')}`,
    ],
  });
  expect(doctor.stdout).toMatch(/PROBLEM +chain +line \d+ is not what was written/);
});
