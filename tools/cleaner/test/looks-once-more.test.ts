import { describe, expect, it } from '@jest/globals';
import { openTestbed, startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { type Scene, holdFirst, openScene } from './clean-scene.ts';

const rules = {
  rules: [{ name: 'old', labels: ['A'], olderThan: '10 days', by: 'study-date' }],
  keep: [{ name: 'hold', labels: ['HOLD'] }],
};

/** Two studies that are due; `change` happens after the plan, right before the last look. */
async function cleanWhile(version: '1.13' | '1.12', change: (scene: Scene, id: string) => Promise<unknown>) {
  await using scene = await openScene({ version });
  const id = await scene.make({ name: 'changed', labels: ['A'], instances: 2 });
  await scene.make({ name: 'unchanged', labels: ['A'], instances: 2 });
  const hold = holdFirst(scene.proxy, ({ path }) => path === '/tools/find' && scene.isPlanMade());
  const running = scene.run({ rules });
  await hold.isHeld;
  await change(scene, id);
  hold.letGo();
  const run = await running;
  return { run, held: await scene.held(), trail: await scene.trail(), id };
}

describe.each(['1.13', '1.12'] as const)('on Orthanc %s, between plan and deletion', (version) => {
  it.each([
    [
      'gets a label that holds it',
      'held back',
      (scene: Scene, id: string) => scene.send('PUT', `/studies/${id}/labels/HOLD`, ''),
    ],
    [
      'loses the label of its rule',
      'not due',
      (scene: Scene, id: string) => scene.send('DELETE', `/studies/${id}/labels/A`),
    ],
    ['has its patient protected', 'held back', protect],
    [
      'receives another instance',
      'changed',
      (scene: Scene) => scene.make({ name: 'changed', modalities: ['CT', 'MR'], instances: 2 }),
    ],
    [
      'receives another instance in place of one of its own',
      'changed',
      async (scene: Scene, id: string) => {
        const [first = ''] = (await scene.ask(`/studies/${id}/instances?expand=false`)) as string[];
        await scene.send('DELETE', `/instances/${first}`);
        await scene.make({ name: 'changed', modalities: ['CT', 'MR'], instances: 1 });
      },
    ],
    [
      'loses an instance',
      'changed',
      async (scene: Scene, id: string) => {
        const [first = ''] = (await scene.ask(`/studies/${id}/instances?expand=false`)) as string[];
        await scene.send('DELETE', `/instances/${first}`);
      },
    ],
  ] as const)('a study that %s stays as a whole', async (_, why, change) => {
    const { run, held, trail, id } = await cleanWhile(version, change);
    expect(held).toEqual(['changed']);
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.summary).toMatchObject({ plannedStudies: 2, deletedStudies: 1, leftStudies: 1 });
    expect(run.events('study.left')).toMatchObject([{ study: id, why }]);
    expect(JSON.stringify(trail.filter(({ event }) => event === 'studies.deleted'))).not.toContain(id);
  });

  it('a study that somebody else deletes is no failure', async () => {
    const { run, held } = await cleanWhile(version, (scene, id) => scene.send('DELETE', `/studies/${id}`));
    expect(held).toEqual([]);
    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatchObject({ deletedStudies: 1, vanishedStudies: 1, failedStudies: 0 });
  });
});

it('an instance that arrives after the last look stays', async () => {
  await using scene = await openScene();
  const id = await scene.make({ name: 'grows', labels: ['A'], instances: 2 });
  const hold = holdFirst(scene.proxy, ({ path }) => path === '/tools/bulk-delete');
  const running = scene.run({ rules });
  await hold.isHeld;
  await scene.make({ name: 'grows', modalities: ['CT', 'MR'], instances: 1 });
  hold.letGo();
  const { exitCode, summary, events } = await running;
  expect(exitCode).toBe(3);
  expect(summary).toMatchObject({ deletedStudies: 0, tornStudies: 1, deletedInstances: 2, failedStudies: 0 });
  expect(events('study.torn')).toMatchObject([{ study: id, instances: 2, arrivedMeanwhile: 1 }]);
  const trail = await scene.trail();
  expect(trail.at(-1)).toMatchObject({
    event: 'studies.deleted',
    facts: { inPart: [{ study: id, instances: 2 }] },
  });
  expect(await scene.ask(`/studies/${id}/instances?expand=false`)).toHaveLength(1);
});

it('a study is looked at in the turn of its portion only', async () => {
  await using scene = await openScene();
  // Each is a portion of its own. The oldest go first.
  const make = (name: string, studyDate: string) =>
    scene.make({ name, labels: ['A'], instances: 2, studyDate });
  await make('first', '20190101');
  await make('second', '20190102');
  const id = await make('third', '20190103');
  const hold = holdFirst(scene.proxy, ({ path }) => path === '/tools/bulk-delete');
  const running = scene.run({ rules, more: ['--portion=2'] });
  await hold.isHeld;
  await scene.send('PUT', `/studies/${id}/labels/HOLD`, '');
  hold.letGo();
  const { exitCode, summary, events } = await running;
  expect(await scene.held()).toEqual(['third']);
  expect(events('study.left')).toMatchObject([{ study: id, why: 'held back' }]);
  expect(summary).toMatchObject({ deletedStudies: 2, deletedInstances: 4, leftStudies: 1 });
  expect(exitCode).toBe(0);
});

describe('while another place is asked', () => {
  it.each([
    [
      'gets a label that holds it',
      'held back',
      (scene: Scene, id: string) => scene.send('PUT', `/studies/${id}/labels/HOLD`, ''),
    ],
    ['has its patient protected', 'held back', protect],
    [
      'receives another instance',
      'changed',
      (scene: Scene) => scene.make({ name: 'changed', modalities: ['CT', 'MR'], instances: 2 }),
    ],
  ])('a study that %s is left', async (_, why, change) => {
    await using other = await (await openTestbed({ provider: 'native' })).startOrthanc({ name: 'other' });
    await using link = await startFaultProxy(other.url, { seed: 1 });
    await using scene = await openScene();
    // The oldest is asked about first.
    const id = await scene.make({ name: 'changed', labels: ['A'], instances: 2, studyDate: '20190101' });
    await scene.make({ name: 'unchanged', labels: ['A'], instances: 2 });
    for (const study of scene.ids.values())
      for (const instance of (await scene.ask(`/studies/${study}/instances?expand=false`)) as string[]) {
        const body = await (await fetch(`${scene.orthanc.url}/instances/${instance}/file`)).arrayBuffer();
        await fetch(`${other.url}/instances`, { method: 'POST', body });
      }
    const hold = holdFirst(link, ({ path }) => path === '/tools/find' || path.startsWith('/studies/'));
    const running = scene.run({ rules, more: [`--only-if-at=${link.url}`] });
    await hold.isHeld;
    await change(scene, id);
    hold.letGo();
    const { summary, events } = await running;
    expect(summary).toMatchObject({ deletedStudies: 1, leftStudies: 1 });
    expect(events('study.left')).toMatchObject([{ study: id, why }]);
    expect(await scene.held()).toEqual(['changed']);
  });
});

async function protect(scene: Scene, id: string): Promise<void> {
  const { ParentPatient: patient } = (await scene.ask(`/studies/${id}`)) as { ParentPatient: string };
  await scene.send('PUT', `/patients/${patient}/protected`, '1');
}
