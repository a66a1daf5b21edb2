import { describe, expect, it } from '@jest/globals';
import { readIdentifiers } from '@orthanc-tools/dicom-files';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type FinishedRun, type Scene, altered, holdFirst, openScene } from './forward-scene.ts';

const codes = ({ setAside }: FinishedRun) => setAside.map(({ code }) => code);
const toPacs = ['--destination=pacs', '--trigger=StableStudy'];

describe('nothing is deleted on a proof', () => {
  it('that is weaker than what is ordered now', async () => {
    await using scene = await openScene({ seed: 381, destinations: { pacs: { behaviour: 'lying' } } });
    const before = await scene.run({ more: [...toPacs, '--verify=none', '--keep-days=1'] });
    expect(before.summary).toMatchObject({ forwardedUnits: 2, deletedInstances: 0 });
    const { stderr } = await scene.run({ more: [...toPacs, '--max-retries=0'], clock: daysLater(2) });
    expect(stderr).toBe('');
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('of another place that had the same name', async () => {
    await using scene = await openScene({
      seed: 382,
      studies: 1,
      destinations: { old: { behaviour: 'lying' }, young: {} },
    });
    const to = async (target: string) => {
      const file = await scene.destinationsFile({ destinations: [{ name: 'pacs', target }] });
      return [file, '--trigger=StableStudy', '--max-retries=0'];
    };
    // Noted: it did not hold them before.
    expect(codes(await scene.run({ more: await to('old') }))).toEqual(['NOT_AT_DESTINATION']);
    await holdOlderVersion(scene, scene.destinations.young);
    const more = await to('young');
    await scene.run({ command: ['requeue', '--all'], more: [] });
    expect(codes(await scene.run({ more }))).toEqual(['HELD_BEFORE']);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  describe.each([
    ['modality', 'dicom', ({ modality }: RunningOrthanc) => modality],
    ['DICOMweb server', 'dicom-web', ({ url }: RunningOrthanc) => ({ Url: `${url}/dicom-web/` })],
  ] as const)('of a %s that had the same alias', (_, mode, settingsOf) => {
    const path = mode === 'dicom' ? '/modalities/pacs' : '/dicom-web/servers/pacs';
    const point = (scene: Scene<'pacs' | 'young'>, to: RunningOrthanc) =>
      fetch(`${scene.inbox.url}${path}`, { method: 'PUT', body: JSON.stringify(settingsOf(to)) });
    const more = [...toPacs, `--mode=${mode}`];

    it('where it was proved', async () => {
      await using scene = await openScene({ seed: 388, studies: 1, destinations: { pacs: {}, young: {} } });
      await scene.run({ more: [...more, '--keep-days=1'] });
      await holdOlderVersion(scene, scene.destinations.young);
      await point(scene, scene.destinations.young);
      expect(codes(await scene.run({ more, clock: daysLater(2) }))).toEqual(['HELD_BEFORE']);
      expect(await scene.held(scene.inbox)).toEqual(scene.sent);
      // It counts again where it was given.
      await point(scene, scene.destinations.pacs);
      expect(await scene.run({ more, clock: daysLater(2) })).toMatchObject({ exitCode: 0 });
      expect(await scene.held(scene.inbox)).toEqual([]);
    });

    it('while it is asked', async () => {
      await using scene = await openScene({ seed: 389, studies: 1, destinations: { pacs: {}, young: {} } });
      await holdOlderVersion(scene, scene.destinations.young);
      const sending = holdFirst(scene.proxy, ({ path: at }) => /\/(store|stow)$/.test(at));
      const running = scene.run({ more });
      await sending.isHeld;
      await point(scene, scene.destinations.young);
      sending.letGo();
      expect(await running).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('ADDRESS_CHANGED'),
      });
      expect(await scene.held(scene.inbox)).toEqual(scene.sent);
      expect(codes(await scene.run({ more }))).toEqual(['HELD_BEFORE']);
      expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    });
  });

  it('by what came to the destination after it was looked at, and before anything was sent', async () => {
    await using scene = await openScene({ seed: 383, studies: 1, destinations: { pacs: {} } });
    scene.proxy.addFault({
      effect: 'answer',
      status: 503,
      times: 1,
      matching: ({ path }) => path === '/modalities/pacs/store',
    });
    let asked = 0;
    // The first question is whether it answers any, the second is asked before the sending.
    const nextLook = holdFirst(
      scene.proxy,
      ({ path }) => path === '/modalities/pacs/query' && scene.proxy.faultCount('answer') > 0 && ++asked > 0,
    );
    const running = scene.run({ more: toPacs });
    await nextLook.isHeld;
    await holdOlderVersion(scene, scene.destinations.pacs);
    nextLook.letGo();
    expect(codes(await running)).toEqual(['HELD_BEFORE']);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('by what came to the destination after it was away for the job that was to send it', async () => {
    await using scene = await openScene({ seed: 387, studies: 1, destinations: { pacs: {} } });
    const { pacs } = scene.destinations;
    const sending = holdFirst(scene.proxy, ({ path }) => path === '/modalities/pacs/store');
    const running = scene.run({ more: toPacs });
    await sending.isHeld;
    await pacs.stop();
    const nextLook = holdFirst(scene.proxy, ({ path }) => path === '/modalities/pacs/query');
    sending.letGo();
    await nextLook.isHeld;
    await pacs.start();
    await holdOlderVersion(scene, pacs);
    nextLook.letGo();
    expect(codes(await running)).toEqual(['HELD_BEFORE']);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('that was given while somebody else was beside it under the same identifiers, who is gone by now', async () => {
    await using scene = await openScene({ seed: 385, studies: 1, destinations: { pacs: {} } });
    await seedOrthanc(scene.inbox, scene.files.map(ofAnotherPatient));
    await scene.run({ more: [...toPacs, '--keep-days=1'] });
    for (const id of await scene.held(scene.inbox))
      if (!scene.sent.includes(id)) await fetch(`${scene.inbox.url}/instances/${id}`, { method: 'DELETE' });
    await scene.run({ more: toPacs, clock: daysLater(2) });
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('that may be the copy of somebody else under the same identifiers', async () => {
    await using scene = await openScene({ seed: 384, studies: 1, destinations: { pacs: {} } });
    await seedOrthanc(scene.inbox, scene.files.map(ofAnotherPatient));
    const both = await scene.held(scene.inbox);
    expect(both).toHaveLength(2 * scene.sent.length);
    await scene.run({ more: toPacs });
    expect(await scene.held(scene.inbox)).toEqual(both);
    expect(codes(await scene.run({ more: toPacs }))).toEqual(['HELD_BEFORE', 'HELD_BEFORE']);
    expect(await scene.held(scene.inbox)).toEqual(both);
    expect(await scene.held(scene.destinations.pacs)).toEqual(both);
    // Whoever says that existence is enough has looked, or does not mind.
    const { exitCode } = await scene.run({ command: ['requeue', '--all'], more: [] });
    expect(exitCode).toBe(0);
    expect((await scene.run({ more: [...toPacs, '--verify=count'] })).exitCode).toBe(0);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});

describe('nothing is deleted that an Orthanc which keeps no MD5 has filtered out', () => {
  it('although it holds what another patient has under the same UIDs, of equal size', async () => {
    const configuration = { StoreMD5ForAttachments: false, LuaScripts: ['files:filter.lua'] };
    const files = {
      'filter.lua': `function ReceivedInstanceFilter(dicom) return string.sub(dicom.PatientID, 1, 1) ~= 'X' end\n`,
    };
    await using scene = await openScene({
      seed: 386,
      studies: 1,
      destinations: { archive: { request: { configuration, files } } },
    });
    const { archive } = scene.destinations;
    await seedOrthanc(scene.inbox, scene.files.map(ofAnotherPatient));
    const both = await scene.held(scene.inbox);
    const more = ['--destination=archive', '--mode=peering', `--dest-url=${archive.url}`];
    const run = await scene.run({ more: [...more, '--trigger=NewInstance', '--max-retries=0'] });
    expect(await scene.held(archive)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual(both.filter((id) => !scene.sent.includes(id)));
    expect(new Set(codes(run))).toEqual(new Set(['NOT_AT_DESTINATION']));
  });
});

const holdOlderVersion = (scene: Scene<string>, place: RunningOrthanc) =>
  seedOrthanc(place, scene.files.map(altered));

/** As a scanner sends a study once more whose patient was chosen wrongly. */
function ofAnotherPatient(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  const { patientId } = readIdentifiers(copy);
  const at = copy.indexOf(patientId, 'latin1');
  copy[at] = copy[at] === 0x58 ? 0x59 : 0x58;
  return copy;
}

const dayMs = 24 * 60 * 60 * 1000;

const daysLater = (days: number): Clock => ({
  ...systemClock,
  now: () => new Date(systemClock.now().getTime() + days * dayMs),
});
