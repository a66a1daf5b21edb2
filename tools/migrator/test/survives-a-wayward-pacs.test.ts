import { describe, expect, it } from '@jest/globals';
import { hurriedClock } from './hurried-clock.ts';
import { imagesOf, openScene, synthesized } from './migration-scene.ts';

/** A PACS that asks this Lua for the keys that it heeds of a C-FIND. */
const heeding = (keys: string) => ({
  request: {
    files: { 'heed.lua': `function IncomingFindRequestFilter(source, origin) ${keys} end` },
    configuration: { LuaScripts: ['files:heed.lua'] },
  },
});

/** A PACS that is unable to process a question for which this Lua says so; C-FIND ends with 0xC000. */
const refusing = (condition: string) =>
  heeding(`
    local function isRefused() ${condition} end
    if isRefused() then error('refused') end
    return source`);

describe('a PACS', () => {
  it('that caps its answers at 50 without saying so is searched to the last study and image', async () => {
    await using scene = await openScene({
      seed: 'capped',
      pacs: { tellsAtMost: 50 },
      shape: { studies: 70, seriesPerStudy: 1, instancesPerSeries: 1 },
    });
    const run = await scene.run({ more: ['--skip-undated'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 70 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('that caps its answers may hide studies without a date, and the report says so', async () => {
    await using scene = await openScene({
      seed: 'in doubt',
      pacs: { tellsAtMost: 5 },
      shape: { studies: 12, seriesPerStudy: 1, instancesPerSeries: 1 },
    });
    const run = await scene.run({ more: ['--max-cfind-study-count=5'] });
    expect(run).toMatchObject({ exitCode: 3, summary: { studies: 12, setAsideStudies: 0 } });
    expect(run.setAside).toMatchObject([{ key: 'span:undated', code: 'SEARCH_CUT' }]);
  });

  it('that hides images behind a cap is proved by names and numbers', async () => {
    await using scene = await openScene({
      seed: 'hidden',
      pacs: { tellsAtMost: 50 },
      shape: { studies: 1, seriesPerStudy: 1, instancesPerSeries: 60 },
    });
    const run = await scene.run();
    expect(run).toMatchObject({ exitCode: 0, summary: { fetchedImages: 60, provedImages: 60 } });
    expect(run.report).toMatchObject({ ledger: { byProof: { 'uid+count': { items: 1 } } } });
  });

  it('that names a round number of images, and counts them for the study alone, is believed', async () => {
    await using scene = await openScene({
      seed: 'round number',
      pacs: heeding(`source['0020,1209'] = nil return source`),
      shape: { studies: 1, seriesPerStudy: 1, instancesPerSeries: 50 },
    });
    const run = await scene.run({ more: ['--max-cfind-study-count=40', '--skip-undated'] });
    expect(run).toMatchObject({ exitCode: 0, setAside: [], summary: { provedImages: 50 } });
    expect(run.report).toMatchObject({ ledger: { byProof: { uid: { items: 1 } } } });
  });

  it('that drops every tenth image and reports success is asked again for what is missing', async () => {
    await using scene = await openScene({
      seed: 'dropping',
      shape: { studies: 2, seriesPerStudy: 2, instancesPerSeries: 15 },
    });
    await scene.pacs.behave({ dropsEveryTenth: true });
    const run = await scene.run();
    expect(run).toMatchObject({ exitCode: 0, summary: { provedImages: 60 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
    const moves = await scene.pacs.moves();
    expect(moves.filter(({ level }) => level === 'STUDY')).toHaveLength(2);
  });

  it('that hangs in the middle of a C-MOVE is given up, and asked series by series', async () => {
    await using scene = await openScene({ seed: 'hanging', shape: { studies: 1 } });
    await scene.pacs.behave({ hangs: { afterImages: 4, times: 1 } });
    const run = await scene.run({ more: ['--stall-limit=2s'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { provedImages: 12, stalledTransfers: 1 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
    const levels = (await scene.pacs.moves()).map(({ level }) => level);
    expect(levels[0]).toBe('STUDY');
    expect(levels.slice(1).every((level) => level !== 'STUDY')).toBe(true);
  });

  it('that refuses associations for a time is waited for, and costs no study a try', async () => {
    await using scene = await openScene({ seed: 'rejecting' });
    scene.pacs.door.reject(true);
    const run = await scene.run({
      more: ['--max-retries=0'],
      clock: hurriedClock(20),
      onOutput: (stdout) => {
        if (stdout.includes('DESTINATION_REJECTS_ASSOCIATION') && scene.pacs.door.rejected >= 3)
          scene.pacs.door.reject(false);
      },
    });
    expect(scene.pacs.door.rejected).toBeGreaterThanOrEqual(3);
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 3, setAsideStudies: 0 } });
    for (const once of ['"tool.paused"', '"tool.resumed"']) expect(run.stdout.split(once)).toHaveLength(2);
  });

  it('that fails to answer a question is asked in halves, and the run goes on to its end', async () => {
    await using scene = await openScene({ seed: 'failing question' });
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      times: 2,
      matching: ({ path }) => path === '/modalities/pacs/query',
    });
    const run = await scene.run({ more: ['--skip-undated'], clock: hurriedClock(20) });
    expect(scene.proxy.faultCount('answer')).toBe(2);
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 3 } });
    const spans = Array.from(
      run.stdout.matchAll(/"event":"search.ended","span":"([\d-]+)"/g),
      ([, span]) => span,
    );
    expect(spans.toSorted()).toEqual([
      ...['20240101-20240215', '20240101-20240331', '20240101-20240331', '20240216-20240331'],
    ]);
  });

  it('that never answers a question about one day costs the studies of that day alone, and the run ends', async () => {
    const [, study] = synthesized('failing day');
    const day = study?.date ?? '';
    await using scene = await openScene({
      seed: 'failing day',
      pacs: refusing(`local from, to = string.match(source['0008,0020'] or '', '^(%d+)-?(%d*)$')
        return from and from <= '${day}' and (to == '' and from or to) >= '${day}'`),
    });
    const run = await scene.run({ more: ['--skip-undated', '--max-retries=2'], clock: hurriedClock(60) });
    expect(run).toMatchObject({ exitCode: 3, summary: { studies: 2, setAsideStudies: 0 } });
    const refused = run.setAside.filter(({ code }) => code === 'QUERY_REFUSED').map(({ key }) => key);
    expect(refused).toHaveLength(8);
    expect(refused.every((key) => key.startsWith(`span:${day} `))).toBe(true);
    expect(run.stdout.split('"search.ended"').length).toBeLessThan(80);
  });

  it('that is unable to process some questions is asked again, and in halves what it refuses again', async () => {
    await using scene = await openScene({
      seed: 'unable',
      pacs: refusing(`local level, from, to = source['0008,0052'],
          string.match(source['0008,0020'] or '', '^(%d+)-(%d+)$')
        if from and tonumber(to) - tonumber(from) > 100 then return true end
        asked = asked or {}
        asked[level] = (asked[level] or 0) + 1
        return asked[level] == 1`),
    });
    const run = await scene.run({ more: ['--skip-undated', '--max-retries=2'], clock: hurriedClock(60) });
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 3, setAsideStudies: 0 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
    expect(run.stdout.split('"search.ended"').length).toBeGreaterThan(3);
  });

  it.each([
    ['it is to search', '"ledger.opened"'],
    ['it is to fetch', '"search.ended"'],
  ])('that hangs altogether when %s is waited for, and costs no study a try', async (_, first) => {
    const configuration = { DicomScuTimeout: 1 };
    await using scene = await openScene({ seed: 'silent', orthanc: { configuration } });
    let [hangs, isBack] = [false, false];
    const run = await scene.run({
      more: ['--max-retries=0', '--skip-undated', '--worker-threads-count=1', '--log-level=debug'],
      clock: hurriedClock(20),
      onOutput: (stdout) => {
        if (!hangs && stdout.includes(first)) scene.pacs.door.silence((hangs = true));
        if (isBack || stdout.split('"tool.paused"').length <= 2) return;
        scene.pacs.door.silence(!(isBack = true));
      },
    });
    expect(isBack).toBe(true);
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 3, setAsideStudies: 0 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('that hangs in the middle of a C-MOVE and then altogether costs the study no try either', async () => {
    const configuration = { DicomScuTimeout: 1 };
    await using scene = await openScene({
      seed: 'silenced',
      shape: { studies: 1 },
      orthanc: { configuration },
    });
    await scene.pacs.behave({ hangs: { afterImages: 4, times: 1 } });
    let [hangs, isBack] = [false, false];
    const run = await scene.run({
      more: ['--max-retries=0', '--skip-undated', '--stall-limit=40s', '--log-level=debug'],
      clock: hurriedClock(20),
      onOutput: (stdout) => {
        if (!hangs && stdout.includes('"step":"follow the transfer"'))
          scene.pacs.door.silence((hangs = true));
        if (isBack || !stdout.includes('"tool.paused"')) return;
        scene.pacs.door.silence(!(isBack = true));
        void scene.pacs.behave({});
      },
    });
    expect(isBack).toBe(true);
    expect(run.stdout).toContain('TRANSFER_STALLED');
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 1, setAsideStudies: 0 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('that hangs altogether over one study again and again is asked for its parts, and the missing are named', async () => {
    const configuration = { DicomScuTimeout: 1 };
    const shape = { studies: 1, seriesPerStudy: 1, instancesPerSeries: 3 };
    await using scene = await openScene({ seed: 'silenced again', shape, orthanc: { configuration } });
    await scene.pacs.behave({ hangs: { afterImages: 0, times: 9 } });
    const steps = [
      ['"step":"follow the transfer"', 1],
      ['"tool.paused"', 1],
      ['"step":"follow the transfer"', 2],
    ] as const;
    let at = 0;
    const run = await scene.run({
      more: ['--max-retries=0', '--skip-undated', '--stall-limit=40s', '--log-level=debug'],
      clock: hurriedClock(20),
      onOutput: (stdout) => {
        const [text = '', times = 0] = steps[at] ?? [];
        if (text === '' || stdout.split(text).length <= times) return;
        scene.pacs.door.silence(at % 2 === 0);
        at += 1;
      },
    });
    expect(at).toBe(steps.length);
    expect(run).toMatchObject({ exitCode: 3, setAside: [{ code: 'IMAGES_MISSING' }] });
    const missing = run.setAside.flatMap(({ missingImages }) => missingImages.map(({ part }) => part));
    expect(missing.toSorted()).toEqual(imagesOf(scene.studies));
  });

  it('is not asked for more at the same time than it bears', async () => {
    await using scene = await openScene({ seed: 'sparing', shape: { studies: 6 } });
    const run = await scene.run({ more: ['--worker-threads-count=4', '--source-associations=1'] });
    expect(run.exitCode).toBe(0);
    expect(scene.pacs.door.mostAtOnce).toBe(1);
  });

  it('whose destination refuses a presentation context is reported image by image', async () => {
    await using scene = await openScene({
      seed: 'refusing',
      archive: { configuration: { RejectedSopClasses: ['1.2.840.10008.5.1.4.1.1.4'] } },
      shape: { studies: 6, modalities: ['CT', 'MR'], instancesPerSeries: 2 },
    });
    const run = await scene.run({ more: ['--destination-modality=archive', '--max-retries=0'] });
    const held = scene.archive ? await scene.images(scene.archive) : [];
    const missing = run.setAside.flatMap(({ missingImages }) => missingImages.map(({ part }) => part));
    expect([...held, ...missing].toSorted()).toEqual(imagesOf(scene.studies));
    expect(run.exitCode).toBe(missing.length > 0 ? 3 : 0);
    expect(missing.length).toBeGreaterThan(0);
  });

  it('whose study Orthanc holds under another PatientID already is reported', async () => {
    await using scene = await openScene({ seed: 'other-id', shape: { studies: 1 } });
    const answer = await fetch(`${scene.pacs.orthanc.url}/instances`);
    const change = { Replace: { PatientID: 'OTHER' }, Force: true };
    const Keep = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'];
    for (const id of (await answer.json()) as string[]) {
      const modified = await fetch(`${scene.pacs.orthanc.url}/instances/${id}/modify`, {
        method: 'POST',
        body: JSON.stringify({ ...change, Keep }),
      });
      await fetch(`${scene.orthanc.url}/instances`, { method: 'POST', body: await modified.bytes() });
    }
    const run = await scene.run();
    expect(run).toMatchObject({ exitCode: 4, summary: { identityConflicts: 1, fetchedImages: 0 } });
    expect(run.report['identityConflicts']).toEqual([
      { study: scene.studies[0]?.uid, differ: ['PatientID'] },
    ]);
  });

  it('that knows a patient under another name than the destination is reported', async () => {
    await using scene = await openScene({ seed: 'identity', shape: { studies: 1 } });
    const answer = await fetch(`${scene.pacs.orthanc.url}/patients?expand`);
    const [patient] = (await answer.json()) as { MainDicomTags: { PatientID: string } }[];
    const tags = {
      PatientID: patient?.MainDicomTags.PatientID,
      PatientName: 'Somebody^Else',
      PatientBirthDate: '19010101',
      StudyDate: '20230101',
    };
    await fetch(`${scene.orthanc.url}/tools/create-dicom`, {
      method: 'POST',
      body: JSON.stringify({ Tags: { ...tags, SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' } }),
    });
    const run = await scene.run();
    expect(run).toMatchObject({ exitCode: 4, summary: { identityConflicts: 1, studies: 1 } });
    expect(run.report['identityConflicts']).toEqual([
      { study: scene.studies[0]?.uid, differ: expect.arrayContaining(['birth date']) },
    ]);
    expect(run.stdout).toContain('IDENTITY_CONFLICT');
    expect(run.stdout).not.toContain('Somebody');
  });
});
