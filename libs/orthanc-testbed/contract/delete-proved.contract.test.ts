import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deleteProved, isSameFile } from '@orthanc-tools/copy-proof';
import { type Orthanc, type StoredInstance, connectOrthanc } from '@orthanc-tools/orthanc-client';
import {
  type FaultProxy,
  type OrthancVersion,
  type RunningOrthanc,
  openTestbed,
  seedOrthanc,
  startFaultProxy,
} from '../src/index.ts';
import { type SyntheticStudy, altered, syntheticStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
let server: RunningOrthanc;
let proxy: FaultProxy;
let inbox: Orthanc;

beforeAll(async () => {
  await testbed.prepare();
  server = await testbed.startOrthanc({ name: 'inbox', configuration: { OverwriteInstances: true } });
  proxy = await startFaultProxy(server.url);
  inbox = connectOrthanc({ url: proxy.url });
}, 300_000);

afterAll(async () => {
  await inbox[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const everything = (instances: readonly StoredInstance[]) =>
  Promise.resolve(new Set(instances.map(({ id }) => id)));

async function stored(seed: string, count = 3): Promise<{ study: SyntheticStudy; proved: StoredInstance[] }> {
  const study = syntheticStudy({ seed, instancesPerSeries: 4 });
  await seedOrthanc(
    server,
    study.files.slice(0, count).map(({ bytes }) => bytes),
  );
  return { study, proved: await inbox.studies.instances(study.id) };
}

const idsOf = (instances: readonly { id: string }[]) => instances.map(({ id }) => id).toSorted();

/** A study as a unit, of which these were proved as they were then. */
function unitOf(study: SyntheticStudy, proved: readonly StoredInstance[]) {
  const then = new Map(proved.map(({ id, md5 }) => [id, md5]));
  return {
    list: () => inbox.studies.instances(study.id),
    choose: (held: readonly StoredInstance[]) =>
      held.filter(({ id, md5 }) => md5 !== undefined && then.get(id) === md5),
  };
}

describe('a deletion', () => {
  it('takes what is proved, and the study with its last instance', async () => {
    const { study, proved } = await stored('delete-all');
    const deletion = await deleteProved(inbox, { ...unitOf(study, proved), confirm: everything });
    expect(idsOf(deletion.deleted)).toEqual(idsOf(proved));
    expect(deletion).toMatchObject({ kept: [], left: [] });
    expect(await inbox.studies.exists(study.id)).toBe(false);
    const again = await deleteProved(inbox, { ...unitOf(study, proved), confirm: everything });
    expect(again).toEqual({ deleted: [], kept: [], left: [] });
  });

  it('leaves an instance that arrives while it is under way', async () => {
    const { study, proved } = await stored('delete-late');
    const { promise: until, resolve: letGo } = Promise.withResolvers<undefined>();
    const { promise: isHeld, resolve: noteHeld } = Promise.withResolvers<undefined>();
    const removeFault = proxy.addFault({
      effect: 'hold',
      until,
      matching: ({ path }) => {
        const isDeletion = path === '/tools/bulk-delete';
        if (isDeletion) noteHeld(undefined);
        return isDeletion;
      },
    });
    const deleting = deleteProved(inbox, { ...unitOf(study, proved), confirm: everything });
    await isHeld;
    const late = study.files[3];
    await seedOrthanc(server, late === undefined ? [] : [late.bytes]);
    letGo(undefined);
    const deletion = await deleting;
    removeFault();
    expect(idsOf(deletion.deleted)).toEqual(idsOf(proved));
    expect(idsOf(deletion.left)).toEqual([late?.orthancIds().instance]);
    expect(idsOf(await inbox.studies.instances(study.id))).toEqual([late?.orthancIds().instance]);
  });

  it('keeps what a destination no longer confirms, without a word to the server about it', async () => {
    const { study, proved } = await stored('delete-unconfirmed');
    const [first, ...others] = proved;
    const confirm = () => Promise.resolve(new Set(idsOf(others)));
    const deletion = await deleteProved(inbox, { ...unitOf(study, proved), confirm });
    expect(idsOf(deletion.deleted)).toEqual(idsOf(others));
    expect(deletion.kept).toEqual([{ id: first?.id, why: 'unconfirmed' }]);
    expect(idsOf(deletion.left)).toEqual([first?.id]);
  });

  it('keeps what has changed since it was proved, also while the destinations were asked', async () => {
    const { study, proved } = await stored('delete-changed');
    const [one, two, three] = study.files;
    if (one === undefined || two === undefined || three === undefined) throw new Error('nothing was made');
    await seedOrthanc(server, [altered(one)]);
    const confirm = async (instances: readonly StoredInstance[]) => {
      expect(idsOf(instances)).not.toContain(one.orthancIds().instance);
      await seedOrthanc(server, [altered(two)]);
      return everything(instances);
    };
    const deletion = await deleteProved(inbox, { ...unitOf(study, proved), confirm });
    expect(idsOf(deletion.deleted)).toEqual([three.orthancIds().instance]);
    expect(deletion.kept).toEqual([{ id: two.orthancIds().instance, why: 'changed' }]);
    const held = [one, two].map((file) => ({ id: file.orthancIds().instance }));
    expect(idsOf(deletion.left)).toEqual(idsOf(held));
  });

  it('of nothing asks nobody and deletes nothing', async () => {
    const { study, proved } = await stored('delete-nothing');
    proxy.forget();
    const confirm = () => Promise.reject(new Error('must not be asked'));
    const deletion = await deleteProved(inbox, { ...unitOf(study, []), confirm });
    expect(deletion).toMatchObject({ deleted: [], kept: [] });
    expect(idsOf(deletion.left)).toEqual(idsOf(proved));
    expect(proxy.requests.some(({ path }) => path === '/tools/bulk-delete')).toBe(false);
  });

  it('whose confirmation fails deletes nothing', async () => {
    const { study, proved } = await stored('delete-unasked');
    const confirm = () => Promise.reject(new Error('the destination is away'));
    await expect(deleteProved(inbox, { ...unitOf(study, proved), confirm })).rejects.toThrow('away');
    expect(idsOf(await inbox.studies.instances(study.id))).toEqual(idsOf(proved));
  });

  it('whose answer is lost is told as in doubt', async () => {
    const { study, proved } = await stored('delete-lost');
    const removeFault = proxy.addFault({
      effect: 'lose-answer',
      matching: ({ path }) => path === '/tools/bulk-delete',
    });
    await expect(
      deleteProved(inbox, { ...unitOf(study, proved), confirm: everything }),
    ).rejects.toMatchObject({ kind: 'ambiguous', code: 'ORTHANC_NO_ANSWER' });
    removeFault();
    expect(await inbox.studies.instances(study.id)).toEqual([]);
  });
});

describe.each<OrthancVersion>(['1.13', '1.12'])(
  'a deletion from an Orthanc %s that keeps no MD5',
  (version) => {
    it('keeps what was overwritten by a file of the same length, before and while the destinations were asked', async () => {
      const configuration = { OverwriteInstances: true, StoreMD5ForAttachments: false };
      await using unhashing = await testbed.startOrthanc({ name: 'unhashing', version, configuration });
      await using orthanc = connectOrthanc({ url: unhashing.url });
      const study = syntheticStudy({ seed: 'delete-unhashed', instancesPerSeries: 3 });
      const [one, two, three] = study.files;
      if (one === undefined || two === undefined || three === undefined) throw new Error('nothing was made');
      await seedOrthanc(
        unhashing,
        [one, two, three].map(({ bytes }) => bytes),
      );
      const proved = new Map((await orthanc.studies.instances(study.id)).map((each) => [each.id, each]));
      await seedOrthanc(unhashing, [altered(one)]);
      const deletion = await deleteProved(orthanc, {
        list: () => orthanc.studies.instances(study.id),
        choose: (held) =>
          held.filter((instance) => {
            const then = proved.get(instance.id);
            return then !== undefined && isSameFile(instance, then);
          }),
        confirm: async (instances) => {
          await seedOrthanc(unhashing, [altered(two)]);
          return everything(instances);
        },
      });
      expect(idsOf(deletion.deleted)).toEqual([three.orthancIds().instance]);
      expect(deletion.kept).toEqual([{ id: two.orthancIds().instance, why: 'changed' }]);
    });
  },
);
