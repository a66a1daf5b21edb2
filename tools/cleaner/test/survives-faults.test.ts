import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { OrthancRequest } from '@orthanc-tools/orthanc-testbed';
import { openLedger } from '@orthanc-tools/work-ledger';
import { verifyTrail } from '../src/audit/verify-trail.ts';
import { type Scene, holdFirst, movedClock, openScene } from './clean-scene.ts';

/** By the study date alone all is old enough, whenever it came. */
const rules = { rules: [{ name: 'old', labels: ['A'], olderThan: '10 days', by: 'study-date' }] };
/** By this, something that was changed just now is not due. */
const strictRules = 'A,4\n';
const isDeletion = ({ path }: { readonly path: string }) => path === '/tools/bulk-delete';

/** Some studies that are due, of two instances each, and one that is not. */
async function openArchive(due: number, request: OrthancRequest = {}): Promise<Scene> {
  const scene = await openScene(request);
  for (let number = 1; number <= due; number += 1)
    await scene.make({ name: `due${String(number).padStart(2, '0')}`, labels: ['A'], instances: 2 });
  await scene.make({ name: 'kept' });
  return scene;
}

describe('deletions that Orthanc answers with 500', () => {
  it('are tried once more, and all is deleted in the end', async () => {
    await using scene = await openArchive(20);
    let seen = 0;
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      matching: (request) => isDeletion(request) && (seen += 1) % 10 === 3,
    });
    const { exitCode, summary } = await scene.run({ rules, more: ['--portion=2'] });
    expect(await scene.held()).toEqual(['kept']);
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ deletedStudies: 20, failedStudies: 0 });
    expect(scene.proxy.faultCount('answer')).toBeGreaterThanOrEqual(2);
  });

  it('are counted and left for the next run when they fail for ever, without an endless loop', async () => {
    await using scene = await openArchive(5);
    const remove = scene.proxy.addFault({ effect: 'answer', status: 500, matching: isDeletion });
    const failing = await scene.run({ rules, more: ['--portion=2'] });
    expect(failing.exitCode).toBe(3);
    expect(failing.summary).toMatchObject({ deletedStudies: 0, failedStudies: 5 });
    expect(failing.report['failures']).toMatchObject(Array(5).fill({ code: 'ORTHANC_SERVER_ERROR' }));
    expect(scene.proxy.faultCount('answer')).toBe(10);
    const status = await scene.run({
      command: ['status'],
      argv: ['status', `--ledger-path=${join(scene.folder, 'cleaner.ledger.sqlite')}`],
    });
    expect(status.stdout).toMatch(/set aside +5/);
    remove();
    expect((await scene.run({ rules })).summary).toMatchObject({ deletedStudies: 5, failedStudies: 0 });
    expect(await scene.held()).toEqual(['kept']);
  });
});

it('an answer that is lost is no deletion twice: what is gone is gone', async () => {
  await using scene = await openArchive(4);
  scene.proxy.addFault({ effect: 'lose-answer', times: 1, matching: isDeletion });
  const { exitCode, summary } = await scene.run({ rules, more: ['--portion=4'] });
  expect(exitCode).toBe(0);
  // Though nobody heard that they were: by whose word they are gone is told.
  expect(summary).toMatchObject({ failedStudies: 0, vanishedStudies: 0, deletedStudies: 4 });
  const told = (await scene.trail()).filter(({ event }) => event === 'studies.deleted');
  const studies = told.flatMap(({ facts }) => (facts as { studies: { study: string }[] }).studies);
  expect(new Set(studies.map(({ study }) => study)).size).toBe(4);
  expect(await scene.held()).toEqual(['kept']);
});

it('tells what it has deleted when something that does not pass ends the run', async () => {
  await using scene = await openArchive(4);
  let deletions = 0;
  scene.proxy.addFault({
    effect: 'answer',
    status: 403,
    matching: (request) => isDeletion(request) && (deletions += 1) > 2,
  });
  const { exitCode, summary } = await scene.run({ rules, more: ['--portion=1'] });
  expect(exitCode).toBe(3);
  expect(summary).toMatchObject({ deletedStudies: 2, endedBy: 'configuration' });
  expect(await scene.held()).toHaveLength(3);
});

it.each([['--once'], ['--once=false', '--execution-time=2:30']])(
  'tells what it has deleted, and what could not be, when the audit trail cannot be written any more (%s)',
  async (...times) => {
    await using scene = await openArchive(4);
    const remove = scene.proxy.addFault({ effect: 'answer', status: 500, matching: isDeletion });
    await scene.run({ rules, more: ['--portion=1'] });
    remove();
    await scene.moveTo('2027-06-30 02:29:58');
    let deletions = 0;
    const hold = holdFirst(scene.proxy, (request) => isDeletion(request) && (deletions += 1) === 3);
    const running = scene.run({ rules, more: ['--portion=1', ...times] });
    await hold.isHeld;
    await appendFile(join(scene.folder, 'trail.jsonl'), 'somebody else\n');
    hold.letGo();
    const { exitCode, summary, report, stderr } = await running;
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('AUDIT_TRAIL_SHARED')]);
    expect(summary).toMatchObject({ plannedStudies: 4, deletedStudies: 2 });
    expect(report).toMatchObject({ failure: { code: 'AUDIT_TRAIL_SHARED' }, rules: [{ rule: 'old' }] });
    const argv = ['status', `--ledger-path=${join(scene.folder, 'cleaner.ledger.sqlite')}`];
    const status = await scene.run({ argv });
    expect(status.stdout).toMatch(/done +2/);
    // What it did not come to had failed in the run before.
    expect(status.stdout).toMatch(/set aside +2/);
  },
);

describe('the quarantine', () => {
  const inQuarantine = ['--quarantine-days=7', '--patience=2s'];
  const isLabelling = (method: string) => (request: { readonly method: string; readonly path: string }) =>
    request.method === method && request.path.endsWith('/labels/to-be-deleted');

  it('labels nothing more when Orthanc stays away for longer than the patience', async () => {
    await using scene = await openArchive(4);
    const hold = holdFirst(scene.proxy, isLabelling('PUT'));
    const running = scene.run({ rules, more: inQuarantine });
    await hold.isHeld;
    await scene.orthanc.stop();
    hold.letGo();
    const { exitCode, summary } = await running;
    expect(exitCode).toBe(3);
    expect(summary).toMatchObject({ endedBy: 'orthanc', quarantinedStudies: 0, failedStudies: 1 });
  });

  it('labels nothing outside the running hours', async () => {
    await using scene = await openArchive(1);
    await scene.moveTo('2027-06-30 10:00:00');
    const hours = '--run-schedule={"Monday-Sunday": ["22-6"]}';
    const { exitCode, summary } = await scene.run({ rules, more: [...inQuarantine, hours] });
    expect(exitCode).toBe(3);
    expect(summary).toMatchObject({ endedBy: 'hours', quarantinedStudies: 0 });
    expect(await scene.ask('/tools/labels')).toEqual(['A']);
  });

  /** One that is not due any more while it is in quarantine, and one whose days are over. */
  async function openQuarantine(): Promise<Scene> {
    const scene = await openArchive(2);
    await scene.moveTo('2027-06-30 10:00:00');
    await scene.run({ rules, more: inQuarantine });
    await scene.send('DELETE', `/studies/${scene.ids.get('due01') ?? ''}/labels/A`);
    await scene.moveTo('2027-07-08 10:00:00');
    return scene;
  }

  it('goes on where a label could not be taken off, and takes it off the next time', async () => {
    await using scene = await openQuarantine();
    const freed = scene.ids.get('due01') ?? '';
    scene.proxy.addFault({ effect: 'answer', status: 503, times: 1, matching: isLabelling('DELETE') });
    const { exitCode, summary, report } = await scene.run({ rules, more: inQuarantine });
    expect(exitCode).toBe(3);
    expect(summary).toMatchObject({ deletedStudies: 1, failedStudies: 1 });
    expect(report['failures']).toMatchObject([{ study: freed }]);
    expect((await scene.run({ rules, more: inQuarantine })).exitCode).toBe(0);
    expect(await scene.ask(`/studies/${freed}/labels`)).toEqual([]);
  });

  it('takes a study that somebody deletes meanwhile for no failure', async () => {
    await using scene = await openQuarantine();
    const hold = holdFirst(scene.proxy, isLabelling('DELETE'));
    const running = scene.run({ rules, more: inQuarantine });
    await hold.isHeld;
    await scene.send('DELETE', `/studies/${scene.ids.get('due01') ?? ''}`);
    hold.letGo();
    const { exitCode, summary } = await running;
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ deletedStudies: 1, failedStudies: 0, vanishedStudies: 1 });
  });
});

it('cleans an Orthanc that cannot say whether rules speak of nothing', async () => {
  await using scene = await openArchive(1);
  scene.proxy.addFault({
    effect: 'answer',
    status: 500,
    matching: ({ path }) => path === '/tools/count-resources',
  });
  const byModality = { rules: rules.rules.map((rule) => ({ ...rule, modalities: ['CT'] })) };
  const { exitCode, summary, events } = await scene.run({ rules: byModality, more: ['--patience=2s'] });
  expect([exitCode, summary['deletedStudies']]).toEqual([0, 1]);
  expect(events('rules.not_looked_up')).toMatchObject([{ code: 'ORTHANC_SERVER_ERROR' }]);
});

it('goes on when Orthanc was restarted in the middle', async () => {
  await using scene = await openArchive(8);
  const hold = holdFirst(scene.proxy, isDeletion);
  const running = scene.run({ rules, more: ['--portion=4', '--patience=60s'] });
  await hold.isHeld;
  await scene.orthanc.stop();
  hold.letGo();
  await scene.orthanc.start();
  const { exitCode, summary } = await running;
  expect([exitCode, summary['failedStudies']]).toEqual([0, 0]);
  expect(await scene.held()).toEqual(['kept']);
});

it('leaves the rest for the next run when Orthanc stays away', async () => {
  await using scene = await openArchive(4);
  const hold = holdFirst(scene.proxy, isDeletion);
  const running = scene.run({ rules, more: ['--portion=2', '--patience=2s'] });
  await hold.isHeld;
  await scene.orthanc.stop();
  hold.letGo();
  const { exitCode, summary } = await running;
  expect(exitCode).toBe(3);
  expect(summary).toMatchObject({ endedBy: 'orthanc', deletedStudies: 0 });
});

it('finishes a deletion that was broken off in the middle of a study, though that has changed its last update', async () => {
  await using scene = await openScene({ clock: '2026-01-01 10:00:00' });
  const id = await scene.make({ name: 'due', labels: ['A'], instances: 3 });
  await scene.moveTo('2026-06-30 10:00:00');
  const hold = holdFirst(scene.proxy, isDeletion);
  const running = scene.run({ rules: strictRules, more: ['--patience=1s'] });
  await hold.isHeld;
  // As an Orthanc does that dies in the middle of the request.
  const [first = ''] = (await scene.ask(`/studies/${id}/instances?expand=false`)) as string[];
  await scene.send('DELETE', `/instances/${first}`);
  await scene.orthanc.stop();
  hold.letGo();
  expect((await running).summary).toMatchObject({ endedBy: 'orthanc', deletedStudies: 0 });
  await scene.orthanc.restartAt('2026-06-30 10:00:30');
  const { summary, events } = await scene.run({ rules: strictRules });
  expect(events('deletion.resumed')).toMatchObject([{ study: id, instances: 2, of: 3 }]);
  expect(summary).toMatchObject({ plannedStudies: 1, deletedStudies: 1, deletedInstances: 2 });
  expect(await scene.held()).toEqual([]);
});

it('leaves what was broken off in the middle when something has arrived since', async () => {
  await using scene = await openScene({ clock: '2026-01-01 10:00:00' });
  const id = await scene.make({ name: 'due', labels: ['A'], instances: 3 });
  await scene.moveTo('2026-06-30 10:00:00');
  const hold = holdFirst(scene.proxy, isDeletion);
  const running = scene.run({ rules: strictRules, more: ['--patience=1s'] });
  await hold.isHeld;
  const [first = ''] = (await scene.ask(`/studies/${id}/instances?expand=false`)) as string[];
  await scene.send('DELETE', `/instances/${first}`);
  await scene.make({ name: 'due', modalities: ['CT', 'MR'] });
  await scene.orthanc.stop();
  hold.letGo();
  await running;
  await scene.orthanc.restartAt('2026-06-30 10:00:30');
  // Also one that changes nothing goes by what was left, and not by what is remembered of it.
  const dry = await scene.run({ rules: strictRules, more: ['--dry-run'] });
  expect(dry.summary).toMatchObject({ plannedStudies: 0 });
  expect((await scene.run({ rules: strictRules })).summary).toMatchObject({
    plannedStudies: 0,
    deletedStudies: 0,
  });
  expect(await scene.held()).toEqual(['due']);
});

it('takes the same images, sent again, for no rest of a deletion that was broken off', async () => {
  await using scene = await openScene({ clock: '2026-01-01 10:00:00' });
  const id = await scene.make({ name: 'due', labels: ['A'], instances: 3 });
  await scene.moveTo('2026-06-30 10:00:00');
  const hold = holdFirst(scene.proxy, isDeletion);
  const running = scene.run({ rules: strictRules, more: ['--patience=1s'] });
  await hold.isHeld;
  // All is gone, and then the command dies.
  await scene.send('DELETE', `/studies/${id}`);
  await scene.orthanc.stop();
  hold.letGo();
  await running;
  await scene.orthanc.restartAt('2026-06-30 10:00:30');
  await scene.make({ name: 'due', labels: ['A'], instances: 2 });
  const { summary, events } = await scene.run({ rules: strictRules });
  expect(events('deletion.resumed')).toEqual([]);
  expect(summary).toMatchObject({ plannedStudies: 0, deletedStudies: 0 });
  expect(await scene.held()).toEqual(['due']);
});

it('leaves the same images, sent again before a deletion is tried once more', async () => {
  await using scene = await openScene({ clock: '2026-01-01 10:00:00' });
  await scene.make({ name: 'due', labels: ['A'], instances: 3 });
  await scene.moveTo('2026-06-30 10:00:00');
  let isLost = false;
  const isFirst = (request: { readonly path: string }) => isDeletion(request) && (isLost = true);
  scene.proxy.addFault({ effect: 'lose-answer', times: 1, matching: isFirst });
  const hold = holdFirst(scene.proxy, ({ path }) => isLost && path === '/tools/find');
  const running = scene.run({ rules: strictRules });
  await hold.isHeld;
  await scene.make({ name: 'due', labels: ['A'], instances: 2 });
  hold.letGo();
  const { exitCode, summary, events } = await running;
  expect(events('study.left')).toMatchObject([{ why: 'changed' }]);
  expect(summary).toMatchObject({ deletedStudies: 0, leftStudies: 1 });
  expect(await scene.held()).toEqual(['due']);
  // All three are gone by our word, whatever came after that.
  expect(events('study.torn')).toMatchObject([{ why: 'changed', instances: 3 }]);
  expect([exitCode, summary]).toEqual([3, expect.objectContaining({ tornStudies: 1, deletedInstances: 3 })]);
  expect((await scene.trail()).at(-1)).toMatchObject({
    event: 'studies.deleted',
    facts: { inPart: [{ instances: 3 }] },
  });
});

/** Orthanc deletes one image of three of a study that is due, and fails; `change` comes before that is tried once more. */
async function breakOff(scene: Scene, { times }: { readonly times: number }, change: () => Promise<unknown>) {
  const id = await scene.make({ name: 'due', labels: ['A'], instances: 3 });
  await scene.make({ name: 'kept' });
  let hasFailed = false;
  const isFirst = (request: { readonly path: string }) => isDeletion(request) && (hasFailed = true);
  scene.proxy.addFault({ effect: 'answer', status: 500, times, matching: isFirst });
  const hold = holdFirst(scene.proxy, ({ path }) => hasFailed && path === '/tools/find');
  const running = scene.run({ rules: keeping });
  await hold.isHeld;
  const [first = ''] = (await scene.ask(`/studies/${id}/instances?expand=false`)) as string[];
  await scene.send('DELETE', `/instances/${first}`);
  await change();
  hold.letGo();
  return { id, run: await running };
}

const keeping = { ...rules, keep: [{ name: 'hold', labels: ['HOLD'] }] };

it('tells of a study that was deleted in part and is then held back, before that is tried once more', async () => {
  await using scene = await openScene();
  const { id, run } = await breakOff(scene, { times: 1 }, () =>
    scene.send('PUT', `/studies/${scene.ids.get('due') ?? ''}/labels/HOLD`, ''),
  );
  expect(run.events('study.left')).toMatchObject([{ study: id, why: 'held back' }]);
  expect(run.events('study.torn')).toMatchObject([{ study: id, instances: 1, why: 'held back' }]);
  expect(run.exitCode).toBe(3);
  expect(run.summary).toMatchObject({
    tornStudies: 1,
    deletedInstances: 1,
    deletedStudies: 0,
    failedStudies: 0,
  });
  expect((await scene.trail()).at(-1)).toMatchObject({
    event: 'studies.deleted',
    facts: { studies: [], inPart: [{ study: id, instances: 1 }] },
  });
  expect(await scene.held()).toEqual(['due', 'kept']);
});

it.each([
  ['is held back', (scene: Scene, id: string) => scene.send('PUT', `/studies/${id}/labels/HOLD`, '')],
  [
    'receives another image',
    (scene: Scene) => scene.make({ name: 'due', modalities: ['CT', 'MR'], instances: 1 }),
  ],
])('tells once of a study that an earlier run deleted in part, and that then %s', async (_, change) => {
  await using scene = await openScene();
  const { id, run } = await breakOff(scene, { times: 2 }, () => Promise.resolve());
  expect([run.exitCode, run.summary['failedStudies']]).toEqual([3, 1]);
  await change(scene, id);
  const held = (await scene.ask(`/studies/${id}/instances?expand=false`)) as string[];
  const strict = { ...keeping, rules: [{ ...rules.rules[0], by: 'both' }] };
  const told = await scene.run({ rules: strict });
  expect(told.events('study.torn')).toMatchObject([{ study: id, instances: 1 }]);
  expect(told.exitCode).toBe(3);
  expect(told.summary).toMatchObject({ plannedStudies: 0, tornStudies: 1, deletedInstances: 1 });
  const parts = (await scene.trail()).filter(({ facts }) => JSON.stringify(facts).includes('"inPart"'));
  expect(parts).toMatchObject([{ facts: { inPart: [{ study: id, instances: 1 }] } }]);
  const after = await scene.run({ rules: strict });
  expect([after.exitCode, after.summary['plannedStudies']]).toEqual([0, 0]);
  expect(await scene.ask(`/studies/${id}/instances?expand=false`)).toHaveLength(held.length);
});

it('plans all where Orthanc tells few at once', async () => {
  await using scene = await openArchive(7, { configuration: { LimitFindResults: 3, LimitFindInstances: 3 } });
  expect((await scene.run({ rules })).summary).toMatchObject({ plannedStudies: 7, deletedStudies: 7 });
  expect(await scene.held()).toEqual(['kept']);
});

it('deletes nothing from an Orthanc that is read-only, and says so', async () => {
  await using scene = await openScene({ configuration: { ReadOnly: true } });
  const { exitCode, stderr } = await scene.run({ rules });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('read-only')]);
});

it('deletes nothing while the clocks differ by more than ten minutes', async () => {
  await using scene = await openArchive(1);
  const ahead = new Date(Date.now() + 20 * 60_000).toISOString().slice(0, 19);
  const clock = movedClock(ahead.replace('T', ' '));
  const { exitCode, stderr } = await scene.run({ rules, clock });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('differ by 20 minutes')]);
  expect(await scene.held()).toEqual(['due01', 'kept']);
});

/** Kills the built command at the first of these requests, which then gets through, and nobody hears of it. */
async function killAt(scene: Scene, matching: Parameters<typeof holdFirst>[1]): Promise<void> {
  const hold = holdFirst(scene.proxy, matching);
  const child = spawn(process.execPath, [command, ...argumentsFor(scene)], {
    stdio: 'ignore',
    env: { HOME: scene.folder },
  });
  await hold.isHeld;
  child.kill('SIGKILL');
  await once(child, 'close');
  hold.letGo();
}

describe('the built command', () => {
  it('killed in the middle of deletions, and started again, deletes what is due and nothing else', async () => {
    await using scene = await openScene();
    for (let number = 1; number <= 12; number += 1)
      await scene.make({ name: `due${String(number)}`, labels: ['A'], instances: 2 });
    await scene.make({ name: 'kept' });
    await scene.run({ rules, more: ['--dry-run'] });
    await killAt(scene, isDeletion);
    const { exitCode, stdout } = await scene.run({ rules });
    expect([exitCode, stdout]).toEqual([0, expect.any(String)]);
    expect(await scene.held()).toEqual(['kept']);
    expect(await verifyTrail(join(scene.folder, 'trail.jsonl'))).toMatchObject({ is: 'whole' });
  });

  it('killed in the middle of deletions, knows in the end of each that was made', async () => {
    await using scene = await openScene();
    for (let number = 1; number <= 12; number += 1)
      await scene.make({ name: `due${String(number)}`, labels: ['A'], instances: 2 });
    await scene.make({ name: 'kept' });
    await scene.run({ rules, more: ['--dry-run'] });
    let deletions = 0;
    // The last portion is deleted, and nobody hears of it.
    await killAt(scene, (request) => isDeletion(request) && (deletions += 1) === 3);
    await scene.run({ rules });
    const examine = ['doctor', ...argumentsFor(scene).filter((one) => one !== '--once')];
    expect((await scene.run({ argv: examine })).stdout).toMatch(
      /ok +deletions +studies deleted: 12; by the ledger: 12/i,
    );
    const status = ['status', `--ledger-path=${join(scene.folder, 'cleaner.ledger.sqlite')}`];
    expect((await scene.run({ argv: status })).stdout).toMatch(/deleted +12/);
  });

  it('killed between the trail and the ledger, tells of no deletion twice', async () => {
    await using scene = await openArchive(3);
    const hold = holdFirst(scene.proxy, isDeletion);
    const running = scene.run({ rules });
    await hold.isHeld;
    const ledger = join(scene.folder, 'cleaner.ledger.sqlite');
    const before = join(scene.folder, 'before.sqlite');
    for (const ending of ['', '-wal']) await copyFile(ledger + ending, before + ending);
    hold.letGo();
    expect((await running).summary).toMatchObject({ deletedStudies: 3 });
    // As though nothing had been written to the ledger any more since the deletion was begun.
    await rm(`${ledger}-shm`, { force: true });
    for (const ending of ['', '-wal']) await copyFile(before + ending, ledger + ending);
    await scene.run({ rules });
    const told = (await scene.trail()).filter(({ event }) => event === 'studies.deleted');
    expect(told).toHaveLength(1);
    const examine = ['doctor', ...argumentsFor(scene).filter((one) => one !== '--once')];
    expect((await scene.run({ argv: examine })).stdout).toMatch(
      /ok +deletions +studies deleted: 3; by the ledger: 3/i,
    );
  });

  it('killed between the trail and the ledger, takes over what the trail tells', async () => {
    await using scene = await openArchive(3);
    expect((await scene.run({ rules })).summary).toMatchObject({ deletedStudies: 3 });
    // As though the ledger had been put back to its beginning.
    for (const ending of ['', '-wal', '-shm'])
      await rm(join(scene.folder, `cleaner.ledger.sqlite${ending}`), { force: true });
    const examine = ['doctor', ...argumentsFor(scene).filter((one) => one !== '--once')];
    openLedger(join(scene.folder, 'cleaner.ledger.sqlite'))[Symbol.dispose]();
    expect((await scene.run({ argv: examine })).stdout).toMatch(
      /warning +deletions +studies deleted: 3; by the ledger: 0/i,
    );
    await scene.run({ rules });
    expect((await scene.run({ argv: examine })).stdout).toMatch(
      /ok +deletions +studies deleted: 3; by the ledger: 3/i,
    );
  });
});

const command = fileURLToPath(new URL('../bin/orthanc-cleaner.mjs', import.meta.url));

const argumentsFor = ({ proxy, folder }: Scene): string[] => [
  `--url=${proxy.url}`,
  `--labels-file-path=${join(folder, 'rules.json')}`,
  `--ledger-path=${join(folder, 'cleaner.ledger.sqlite')}`,
  `--audit-trail=${join(folder, 'trail.jsonl')}`,
  '--max-percent=100',
  '--portion=4',
  '--once',
];
