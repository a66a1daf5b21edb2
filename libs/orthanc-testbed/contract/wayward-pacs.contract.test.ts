import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { synthesizeEdgeCases } from '@orthanc-tools/dicom-synthesis';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import {
  type RunningOrthanc,
  type WaywardPacs,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
  startWaywardPacs,
} from '../src/index.ts';
import { type SyntheticStudy, storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
let pacs: WaywardPacs;
let server: RunningOrthanc;
let asker: Orthanc;
let study: SyntheticStudy;

beforeAll(async () => {
  await testbed.prepare();
  pacs = await startWaywardPacs(testbed, {
    tellsAtMost: 15,
    refusesSopClasses: ['1.2.840.10008.5.1.4.1.1.4'],
  });
  server = await testbed.startOrthanc({
    name: 'asker',
    configuration: { DicomModalities: { pacs: pacs.modality }, DicomScuTimeout: 5 },
  });
  await pacs.know('asker', server.modality);
  asker = connectOrthanc({ url: server.url });
  study = await storeStudy(pacs.orthanc, { seed: 'wayward', instancesPerSeries: 20 });
}, 300_000);

afterAll(async () => {
  await asker[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await pacs[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await pacs.behave({});
  pacs.door.reject(false);
  pacs.door.silence(false);
  await asker.instances.deleteAll([...(await snapshotOrthanc(server)).keys()]);
});

const move = async (level: 'Study' | 'Series', uids: Readonly<Record<string, string>>) => {
  const content = { Level: level, Resources: [uids], Asynchronous: true };
  const answer = await asker.call({ method: 'POST', path: '/modalities/pacs/move', content });
  return (answer as { ID: string }).ID;
};

const wholeStudy = () => move('Study', { StudyInstanceUID: study.studyUid });

async function stateOf(job: string): Promise<string> {
  const { State: state } = (await asker.call({ method: 'GET', path: `/jobs/${job}` })) as { State: string };
  return state;
}

/** Asks until it is so: Orthanc tells no other way. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

// No snapshot: something may be arriving.
const arrived = async () => (await asker.statistics()).instances;

const find = (keys: Readonly<Record<string, string>>, level: 'Study' | 'Instance' = 'Study') =>
  asker.modalities.find('pacs', { level, keys: { StudyInstanceUID: '', ...keys } });

describe('a wayward PACS', () => {
  it('sends what it is asked for while it behaves, and tells what that was', async () => {
    const job = await wholeStudy();
    await until(async () => (await stateOf(job)) === 'Success');
    expect(await arrived()).toBe(20);
    expect((await pacs.moves()).at(-1)).toEqual({
      level: 'STUDY',
      uids: [study.studyUid],
      target: server.aet,
      images: 20,
    });
  });

  it('leaves out every tenth image of a C-MOVE, and reports success', async () => {
    await pacs.behave({ dropsEveryTenth: true });
    const job = await wholeStudy();
    await until(async () => (await stateOf(job)) === 'Success');
    expect(await arrived()).toBe(18);
  });

  it('never sends certain images, and reports success', async () => {
    await pacs.behave({ neverSends: study.sopInstanceUids.slice(0, 3) });
    const job = await wholeStudy();
    await until(async () => (await stateOf(job)) === 'Success');
    expect(await arrived()).toBe(17);
  });

  it('hangs in the middle of a C-MOVE, and answers others meanwhile', async () => {
    await pacs.behave({ hangs: { afterImages: 4, times: 1 } });
    const job = await wholeStudy();
    await until(async () => (await arrived()) === 4);
    const other = await wholeStudy();
    await until(async () => (await stateOf(other)) === 'Success');
    expect(await arrived()).toBe(20);
    expect(await stateOf(job)).toBe('Running');
    await pacs.behave({});
    await until(async () => (await stateOf(job)) !== 'Running');
  });

  it('rejects associations for as long as it is told to', async () => {
    pacs.door.reject(true);
    await expect(asker.modalities.echo('pacs')).rejects.toMatchObject({
      code: 'DESTINATION_REJECTS_ASSOCIATION',
      kind: 'transient',
      scope: 'run',
    });
    pacs.door.reject(false);
    await asker.modalities.echo('pacs');
  });

  it('accepts associations and answers nothing for as long as it is told to', async () => {
    pacs.door.silence(true);
    await expect(asker.modalities.echo('pacs')).rejects.toMatchObject({ code: 'DESTINATION_NO_ANSWER' });
    await expect(find({ StudyDate: '' })).rejects.toMatchObject({ code: 'DESTINATION_NO_ANSWER' });
    pacs.door.silence(false);
    await asker.modalities.echo('pacs');
  });

  it('tells no more images than its limit, and does not say so', async () => {
    const [seriesUid = ''] = study.seriesUids;
    const keys = { StudyInstanceUID: study.studyUid, SeriesInstanceUID: seriesUid, SOPInstanceUID: '' };
    expect(await find(keys, 'Instance')).toHaveLength(15);
  });

  it('holds studies that no date finds', async () => {
    const names = ['no-study-date'] as const;
    const [dateless] = synthesizeEdgeCases({ seed: 'wayward', names, firstStudy: 0 });
    await seedOrthanc(
      pacs.orthanc,
      [...(dateless?.instances() ?? [])].map(({ bytes }) => bytes),
    );
    const told = await find({ StudyDate: '' });
    expect(told.map(({ StudyDate: date }) => date)).toContain('');
    expect((await find({ StudyDate: '19000101-29991231' })).map((one) => one['StudyDate'])).not.toContain('');
  });

  it('refuses a presentation context', async () => {
    const magnetic = await storeStudy(server, { seed: 'refused', modalities: ['MR'] });
    const job = await asker.modalities.store('pacs', magnetic.instanceIds);
    await until(async () => (await stateOf(job)) === 'Failure');
    expect((await asker.jobs.get(job)).failure).toMatchObject({ code: 'SOP_CLASS_REFUSED' });
  });
});
