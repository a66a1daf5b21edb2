import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openTestbed, startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { verifyTrail } from '../src/audit/verify-trail.ts';
import { type Scene, holdFirst, movedClock, openScene } from './clean-scene.ts';

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
    let searches = 0;
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      matching: ({ path }) => path === '/tools/find' && (searches += 1) < 0,
    });
    const blown = await scene.run({ rules, more: ['--max-studies=2'] });
    expect(blown.exitCode).toBe(3);
    expect(blown.summary).toMatchObject({ fuse: 'maxStudies', plannedStudies: 3, deletedStudies: 0 });
    expect(blown.events('fuse.blown')).toMatchObject([{ planned: 3, maxStudies: 2, level: 'error' }]);
    expect(await scene.held()).toHaveLength(3);
    // All studies, that these were all, and who is protected: none was weighed.
    expect(searches).toBe(3);
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

it('status tells how the last run ended', async () => {
  await using scene = await openArchive(2);
  const status = async () =>
    (await scene.run({ argv: ['status', `--ledger-path=${join(scene.folder, 'cleaner.ledger.sqlite')}`] }))
      .stdout;
  await scene.run({ rules, more: ['--max-studies=1'] });
  expect(await status()).toMatch(
    /last run \(1\)\n +somebody should look.*nothing was deleted, as more is due/s,
  );
  await scene.run({ rules, more: ['--dry-run'] });
  expect(await status()).toContain('somebody should look');
  await scene.moveTo('2026-01-01 10:00:00');
  await scene.run({ rules, clock: movedClock('2027-01-01 10:00:00') });
  expect(await status()).toMatch(/last run \(1\)\n +failed.*CLOCKS_DIFFER/s);
  await scene.moveTo('2027-06-30 10:00:00');
  await scene.run({ rules });
  expect(await status()).toMatch(/last run \(1\)\n +done.*2027-06-30/s);
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
  const planned = { rule: 'old', instances: 1, studyDate: '20200101', labels: ['A'] };
  expect(events('study.planned')).toMatchObject(Array(2).fill({ ...planned, step: 'begin', daysLeft: 3 }));
  expect(events('plan.not_asked')).toEqual([]);
  expect(events('rule.planned')).toMatchObject([
    { rule: 'old', studies: 2, instances: 2, oldest: '20200101', newest: '20200101' },
  ]);
  expect(await scene.held()).toHaveLength(3);
  expect(await scene.ask('/tools/labels')).toEqual(['A']);
  expect(await scene.trail()).toEqual([]);
});

it('a dry run says in the end that it was one, and what would become of the studies', async () => {
  await using scene = await openArchive(3, 1);
  await scene.run({ rules, more: ['--quarantine-days=7', '--max-studies=3'] });
  await scene.send('DELETE', `/studies/${scene.ids.get('due01') ?? ''}/labels/to-be-deleted`);
  await scene.make({ name: 'due04', labels: ['A'] });
  await scene.make({ name: 'due05', labels: ['A'] });
  const dry = ['--dry-run', '--log-format=pretty'];
  const without = await scene.run({ rules, more: dry });
  expect(without.stdout).toContain(
    'Dry run, nothing was changed: 2 studies would be deleted, 0 put into quarantine, 2 stay in quarantine, 1 is kept, as its label was taken off.',
  );
  expect(without.stdout).not.toContain('Everything was done');
  expect(without.summary).toEqual({
    dryRun: true,
    plannedStudies: 5,
    studiesInOrthanc: 6,
    studiesToDelete: 2,
    studiesToQuarantine: 0,
    waitingStudies: 2,
    releasedStudies: 1,
  });
  const within = await scene.run({ rules, more: [...dry, '--quarantine-days=7'] });
  expect(within.stdout).toContain('0 studies would be deleted, 2 put into quarantine, 2 stay in quarantine');
});

it('a dry run says for how long a study stays in quarantine, and that the other place is not asked', async () => {
  await using other = await (await openTestbed({ provider: 'native' })).startOrthanc({ name: 'other' });
  await using scene = await openArchive(1, 1);
  await scene.moveTo('2027-06-30 10:00:00');
  await scene.run({ rules, more: ['--quarantine-days=7'] });
  await scene.moveTo('2027-07-02 11:00:00');
  const more = ['--dry-run', '--quarantine-days=7', `--only-if-at=${other.url}`];
  const { events } = await scene.run({ rules, more });
  expect(events('study.planned')).toMatchObject([{ labels: ['A'], step: 'wait', daysLeft: 5 }]);
  expect(events('plan.not_asked')).toMatchObject([{ option: expect.stringContaining('--only-if-at') }]);
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

  it('remembers who took the label off, also while the study is not due, and in a run without a quarantine', async () => {
    await using scene = await openArchive(2, 1);
    await scene.run({ rules, more: inQuarantine });
    const objected = scene.ids.get('due01') ?? '';
    await scene.send('DELETE', `/studies/${objected}/labels/to-be-deleted`);
    await scene.send('DELETE', `/studies/${objected}/labels/A`);
    expect((await scene.run({ rules, more: inQuarantine })).summary).toMatchObject({ deletedStudies: 0 });
    await scene.send('PUT', `/studies/${objected}/labels/A`, '');
    const { summary } = await scene.run({ rules });
    expect(summary).toMatchObject({ deletedStudies: 0, releasedStudies: 1, waitingStudies: 1 });
    expect(await scene.held()).toEqual(['due01', 'due02', 'kept1']);
  });

  it('is not cut short by a run without a quarantine', async () => {
    await using scene = await openArchive(2, 1);
    await scene.run({ rules, more: inQuarantine });
    const run = await scene.run({ rules });
    expect(run.summary).toMatchObject({ plannedStudies: 2, waitingStudies: 2, deletedStudies: 0 });
    expect(run.events('quarantine.kept')).toMatchObject([
      { level: 'warn', studies: 2, consequence: expect.stringContaining('--quarantine-days') },
    ]);
    expect(await scene.held()).toEqual(['due01', 'due02', 'kept1']);
  });

  it('goes on under the label that a study was given, and so does an objection, when another one is named', async () => {
    await using scene = await openArchive(2);
    await scene.moveTo('2027-06-30 10:00:00');
    await scene.run({ rules, more: inQuarantine });
    await scene.send('DELETE', `/studies/${scene.ids.get('due01') ?? ''}/labels/to-be-deleted`);
    const renamed = [...inQuarantine, '--quarantine-label=to-go'];
    expect((await scene.run({ rules, more: renamed })).summary).toMatchObject({
      quarantinedStudies: 0,
      waitingStudies: 1,
      releasedStudies: 1,
    });
    expect(await labelsOf(scene, 'due02')).toEqual(['A', 'to-be-deleted']);
    await scene.moveTo('2027-07-08 10:00:00');
    const last = await scene.run({ rules, more: renamed });
    expect(last.summary).toMatchObject({ deletedStudies: 1, releasedStudies: 1 });
    expect(await scene.held()).toEqual(['due01']);
  });

  it('begins anew where its ledger is lost, and lets nothing be deleted meanwhile', async () => {
    await using scene = await openArchive(1, 1);
    await scene.run({ rules, more: inQuarantine });
    const fresh = `--ledger-path=${join(scene.folder, 'fresh.ledger.sqlite')}`;
    const without = await scene.run({ rules, more: [fresh] });
    expect(without.events('quarantine.kept')).toMatchObject([{ studies: 1, level: 'warn' }]);
    expect(await scene.held()).toEqual(['due01', 'kept1']);
    const anew = await scene.run({ rules, more: [fresh, ...inQuarantine] });
    expect(anew.summary).toMatchObject({ quarantinedStudies: 1, deletedStudies: 0 });
    expect(anew.events('quarantine.unrecorded')).toMatchObject([{ studies: 1, level: 'warn' }]);
  });

  it('is none where a rule itself names the label, and nobody asks for a quarantine', async () => {
    await using scene = await openScene();
    await scene.make({ name: 'marked', labels: ['to-be-deleted'] });
    await scene.make({ name: 'other' });
    const marked = { rules: [{ ...rules.rules[0], labels: ['to-be-deleted'] }] };
    expect((await scene.run({ rules: marked })).summary).toMatchObject({ deletedStudies: 1 });
    expect(await scene.held()).toEqual(['other']);
  });

  it('is told by status, study by study, with the days that are left and with objections', async () => {
    await using scene = await openArchive(2, 1);
    await scene.moveTo('2027-06-30 10:00:00');
    await scene.run({ rules, more: inQuarantine });
    await scene.send('DELETE', `/studies/${scene.ids.get('due01') ?? ''}/labels/to-be-deleted`);
    await scene.moveTo('2027-07-02 11:00:00');
    await scene.run({ rules, more: inQuarantine });
    const argv = ['status', `--ledger-path=${join(scene.folder, 'cleaner.ledger.sqlite')}`];
    const [objected = '', waiting = ''] = ['due01', 'due02'].map((name) => scene.ids.get(name));
    const { stdout } = await scene.run({ argv });
    expect(stdout).toContain(`in quarantine (1)\n  ${waiting}  days left: 5, since: 2027-06-30T10:00:`);
    expect(stdout).toContain(`kept, as its label was taken off (1)\n  ${objected}  since: 2027-07-02T11:00:`);
    expect(JSON.parse((await scene.run({ argv: [...argv, '--json'] })).stdout)).toMatchObject({
      groups: [
        { items: [{ key: waiting, daysLeft: 5 }] },
        { items: [{ key: objected }] },
        { title: 'last run', items: [{ key: 'done' }] },
      ],
    });
    expect((await scene.run({ argv: [...argv, '--quarantine-days=9'] })).stdout).toContain('days left: 7');
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
    expect(events('study.left')).toMatchObject([
      { study: scene.ids.get('due02'), why: 'other bytes elsewhere' },
      { study: scene.ids.get('due03'), why: 'not elsewhere' },
    ]);
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
    await scene.send('PUT', '/modalities/own-aet', { AET: aet, Host: host, Port: port + 1 });
    const forwarded = await scene.run({ rules, more: ['--only-if-at=own-aet'] });
    expect([forwarded.exitCode, forwarded.stderr]).toEqual([2, expect.stringContaining('an AET of its own')]);
    const unknown = await scene.run({ rules, more: ['--only-if-at=nobody'] });
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('nobody')]);
    expect(await scene.held()).toEqual(['due01']);
  });

  it.each(['1.13', '1.12'] as const)('is no second Orthanc %s on the same storage', async (version) => {
    await using scene = await openScene({ configuration: stillDisk, version });
    await scene.make({ name: 'due01', labels: ['A'] });
    // Another name, and all else as it is: what two Orthancs on one database would tell.
    await using second = await startFaultProxy(scene.orthanc.url, { seed: 1 });
    const system = { ...((await scene.ask('/system')) as object), Name: 'second', DicomAet: 'SECOND' };
    const matching = ({ path }: { readonly path: string }) => path === '/system';
    second.addFault({ effect: 'answer', status: 200, body: JSON.stringify(system), matching });
    const { exitCode, stderr } = await scene.run({ rules, more: [`--only-if-at=${second.url}`] });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('the same files')]);
    expect(await scene.held()).toEqual(['due01']);
  });

  it('is not the Orthanc itself under another AET and a name that nobody knows to be its own', async () => {
    const configuration = { ...stillDisk, DicomAlwaysAllowFind: true, DicomAlwaysAllowEcho: true };
    await using scene = await openScene({ configuration });
    await scene.make({ name: 'due01', labels: ['A'] });
    // This machine, as a number: like a port that is forwarded, it shows only by what is answered there.
    await scene.send('PUT', '/modalities/pacs', {
      AET: 'PACS',
      Host: '2130706433',
      Port: scene.orthanc.modality[2],
    });
    const { exitCode, stderr } = await scene.run({ rules, more: ['--only-if-at=pacs'] });
    expect(stderr).toContain('answers with the AET of the Orthanc that is to be cleaned');
    expect([exitCode, await scene.held()]).toEqual([2, ['due01']]);
  });
});

it('warns of rules that speak of nothing, and of those whose day is over', async () => {
  await using scene = await openScene();
  await scene.make({ name: 'ct', labels: ['A', 'Teaching'] });
  const old = rules.rules[0];
  const { exitCode, events } = await scene.run({
    rules: {
      rules: [
        { ...old, labels: ['A', 'B'], modalities: ['CT', 'MR'] },
        { ...old, name: 'misspelt', labels: ['a'] },
        { ...old, name: 'no such images', modalities: ['US', 'XA'] },
      ],
      keep: [
        { name: 'teaching', labels: ['TEACHING'] },
        { name: 'hold', labels: ['HOLD'] },
        { name: 'over', labels: ['A'], until: '2020-12-31' },
      ],
    },
  });
  expect(exitCode).toBe(0);
  expect(events('rule.matches_nothing')).toMatchObject([
    { level: 'warn', rule: 'misspelt', labels: ['a'] },
    { rule: 'no such images', modalities: ['US', 'XA'] },
    { rule: 'hold' },
  ]);
  expect(events('rule.over')).toMatchObject([{ level: 'warn', rule: 'over', until: '20201231' }]);
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

it('nothing is deleted for a full disk where others have made room since the plan', async () => {
  await using scene = await openArchive(2, 2);
  const { TotalDiskSize: size } = (await scene.ask('/statistics')) as { TotalDiskSize: string };
  const room = { ...rules.rules[0], name: 'room', onlyWhenDiskIsFull: true };
  const marks = ['high', 'low'].map(
    (mark) => `--disk-${mark}-mark=${String(Math.floor(Number(size) * 0.6) / 1024)}KB`,
  );
  const hold = holdFirst(scene.proxy, ({ path }) => path === '/statistics' && scene.isPlanMade());
  const running = scene.run({ rules: { rules: [room] }, more: marks });
  await hold.isHeld;
  for (const name of ['kept1', 'kept2']) await scene.send('DELETE', `/studies/${scene.ids.get(name) ?? ''}`);
  hold.letGo();
  const { exitCode, summary, report } = await running;
  expect(await scene.held()).toEqual(['due01', 'due02']);
  expect([exitCode, report['left']]).toEqual([0, { 'disk has room': 2 }]);
  expect(summary).toMatchObject({ plannedStudies: 2, deletedStudies: 0, leftStudies: 2 });
});

it('rules for a full disk keep their minimum while it is not full', async () => {
  await using scene = await openArchive(3);
  const room = { ...rules.rules[0], name: 'room', onlyWhenDiskIsFull: true, minimumToKeep: 2 };
  const { summary, report } = await scene.run({ rules: { rules: [...rules.rules, room] } });
  expect(summary).toMatchObject({ deletedStudies: 1 });
  expect(report['heldBack']).toEqual({ 'minimum to keep of room': 2 });
});

it.each(['trail.jsonl', 'rules.json', 'cleaner.ledger.sqlite'])(
  'writes no report in the place of its own file %s',
  async (name) => {
    await using scene = await openArchive(1);
    await scene.run({ rules, more: ['--quarantine-days=7'] });
    const path = join(scene.folder, name);
    const before = await readFile(path);
    const { exitCode, stderr } = await scene.run({ rules, more: [`--report=${path}`] });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--report')]);
    expect((await readFile(path)).equals(before)).toBe(true);
  },
);

it('shows to doctor that the end of the trail is missing', async () => {
  await using scene = await openArchive(1);
  await scene.run({ rules });
  const path = join(scene.folder, 'trail.jsonl');
  const argv = [
    'doctor',
    `--url=${scene.proxy.url}`,
    `--labels-file-path=${join(scene.folder, 'rules.json')}`,
    `--audit-trail=${path}`,
    `--ledger-path=${join(scene.folder, 'cleaner.ledger.sqlite')}`,
  ];
  expect((await scene.run({ argv })).stdout).toMatch(/ok +deletions +studies deleted: 1; by the ledger: 1/i);
  const [first = ''] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, `${first}\n`);
  expect((await scene.run({ argv })).stdout).toMatch(
    /warning +deletions +studies deleted: 0; by the ledger: 1/i,
  );
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
  const file = await readFile(join(scene.folder, 'rules.json'));
  expect((await scene.trail())[0]).toMatchObject({
    facts: {
      basis: {
        orthanc: { url: `${scene.proxy.url}/`, databaseServerIdentifier: expect.any(String) },
        rulesFile: { sha256: createHash('sha256').update(file).digest('hex') },
        rules: [{ name: 'old', labels: ['A'], olderThan: '10 days', by: 'study-date' }],
        options: { maxStudies: 1000, maxPercent: 100, quarantineDays: 0 },
      },
    },
  });
  expect(await readFile(path, 'utf8')).not.toMatch(/Zyxwvut|P-due/);
  expect(await verifyTrail(path)).toEqual({ is: 'whole', records: 3 });
  await writeFile(path, (await readFile(path, 'utf8')).replace('"instances":1', '"instances":2'));
  await scene.make({ name: 'due03', labels: ['A'] });
  const refused = await scene.run({ rules });
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(`line 2 of "${path}"`)]);
  expect(await scene.held()).toEqual(['due03']);
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
