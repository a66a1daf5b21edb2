import { describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Scene, openScene } from './forward-scene.ts';

type Tags = Readonly<Record<string, unknown>>;

async function ask<Answer>(
  { url }: { readonly url: string },
  path: string,
  content?: object,
): Promise<Answer> {
  const post = content && { method: 'POST', body: JSON.stringify(content) };
  const answer = await fetch(url + path, post);
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)}`);
  return (await answer.json()) as Answer;
}

const idsIn = (orthanc: RunningOrthanc) => ask<string[]>(orthanc, '/instances');
const tagsIn = async (orthanc: RunningOrthanc): Promise<Tags[]> =>
  Promise.all((await idsIn(orthanc)).map((id) => ask<Tags>(orthanc, `/instances/${id}/simplified-tags`)));

/** Whatever would make something in the inbox, or change something there. */
const isLeaving = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'POST' &&
  /^\/(instances|(studies|series|patients)\/[^/]+\/(modify|anonymize)|tools\/bulk-(modify|anonymize)|tools\/create-dicom)$/.test(
    path,
  );

const order = (destination: object, profile: object) => ({
  destinations: [{ name: 'there', target: 'there', profile: 'changed', ...destination }],
  profiles: { changed: profile },
});

describe('a study whose tags are edited on the way', () => {
  it.each([
    ['dicom', 'StableStudy', 'image'],
    ['dicom-series-by-series', 'StableSeries', 'image'],
    ['dicom-web', 'StableStudy', 'image'],
    ['peering', 'StableStudy', 'id+md5'],
    ['orthanc', 'NewInstance', 'id+md5'],
  ])('arrives by %s on %s under its own identifiers, proved (%s)', async (mode, trigger, proof) => {
    await using scene = await openScene({ seed: 341, destinations: { there: {} } });
    const { inbox, destinations } = scene;
    const url = mode.startsWith('dicom') ? {} : { url: destinations.there.url };
    const file = await scene.destinationsFile(
      order(
        { mode, ...url },
        { modify: { Replace: { InstitutionName: 'Elsewhere' }, Remove: ['StationName'] } },
      ),
    );
    const { exitCode, transfers } = await scene.run({ more: [file, `--trigger=${trigger}`] });
    expect(exitCode).toBe(0);
    expect(await scene.held(destinations.there)).toEqual(scene.sent);
    for (const tags of await tagsIn(destinations.there)) {
      expect(tags['InstitutionName']).toBe('Elsewhere');
      expect(tags).not.toHaveProperty('StationName');
    }
    const proofs = transfers.filter(({ event }) => event === 'unit.forwarded').map((line) => line['proof']);
    expect(new Set(proofs)).toEqual(new Set([proof]));
    expect(await scene.held(inbox)).toEqual([]);
    expect(scene.proxy.requests.filter(isLeaving)).toEqual([]);
  });

  it('leaves nothing behind in the inbox', async () => {
    await using scene = await openScene({ seed: 340, destinations: { there: {} } });
    const look = async () => {
      const { Changes: changes } = await ask<{ Changes: { ChangeType: string }[] }>(scene.inbox, '/changes');
      const { CountStudies: studies } = await ask<{ CountStudies: number }>(scene.inbox, '/statistics');
      return [studies, changes.filter(({ ChangeType: type }) => type.startsWith('New')).length];
    };
    const file = await scene.destinationsFile(
      order({}, { modify: { Replace: { InstitutionName: 'Elsewhere' } } }),
    );
    const before = await look();
    const { summary } = await scene.run({ more: [file, '--trigger=StableStudy', '--keep-days=1'] });
    expect(summary).toMatchObject({ forwardedInstances: scene.sent.length, deletedInstances: 0 });
    expect(await look()).toEqual(before);
  });
});

describe('a profile that is changed', () => {
  const run = async (scene: Scene<'there'>, profile: object) => {
    const file = await scene.destinationsFile(order({}, profile));
    return scene.run({ more: [file, '--trigger=StableStudy', '--keep-days=1'] });
  };
  const corrected = { modify: { Replace: { InstitutionName: 'North' } } };
  const anonymous = { anonymize: {} };

  it('sends nothing once more that is there already', async () => {
    await using scene = await openScene({ seed: 355, studies: 1, destinations: { there: {} } });
    await run(scene, corrected);
    const { exitCode } = await run(scene, anonymous);
    expect(exitCode).toBe(0);
    expect(await scene.held(scene.destinations.there)).toEqual(scene.sent);
  });

  it('leaves no study half in the one form and half in the other', async () => {
    await using scene = await openScene({ seed: 356, studies: 1, withheld: 1, destinations: { there: {} } });
    await run(scene, corrected);
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    expect((await run(scene, anonymous)).exitCode).toBe(0);
    const anew = (await scene.held(scene.destinations.there)).filter((id) => !scene.sent.includes(id));
    expect(anew).toHaveLength(scene.files.length);
  });
});

describe('a study that is anonymised on the way', () => {
  const anonymizing = { anonymize: { Keep: ['StudyDescription'] } };

  it('arrives as somebody else, who is the same every time', async () => {
    await using scene = await openScene({ seed: 342, destinations: { there: {} } });
    const { inbox, destinations } = scene;
    const before = await tagsIn(inbox);
    const content = order({ mode: 'orthanc', url: destinations.there.url }, anonymizing);
    const more = [await scene.destinationsFile(content), '--trigger=StableStudy'];
    expect((await scene.run({ more })).exitCode).toBe(0);
    const first = await scene.held(destinations.there);
    expect(first).toHaveLength(scene.sent.length);
    expect(first.filter((id) => scene.sent.includes(id))).toEqual([]);
    const secrets = new Set(
      before.flatMap((tags) =>
        ['PatientID', 'PatientName', 'StudyInstanceUID', 'SOPInstanceUID', 'AccessionNumber'].map(
          (name) => tags[name],
        ),
      ),
    );
    const after = await tagsIn(destinations.there);
    for (const tags of after) for (const value of Object.values(tags)) expect(secrets).not.toContain(value);
    expect(new Set(after.map((tags) => tags['StudyDescription']))).toEqual(
      new Set(before.map((tags) => tags['StudyDescription'])),
    );
    for (const name of ['PatientID', 'StudyInstanceUID', 'SeriesInstanceUID'])
      expect(new Set(after.map((tags) => tags[name])).size).toBe(
        new Set(before.map((tags) => tags[name])).size,
      );
    await seedOrthanc(inbox, scene.files);
    expect((await scene.run({ more })).exitCode).toBe(0);
    expect(await scene.held(destinations.there)).toEqual(first);
    expect(await scene.held(inbox)).toEqual([]);
  });

  it('keeps what refers to what, at every depth', async () => {
    await using scene = await openScene({ seed: 343, studies: 1, destinations: { there: {} } });
    const { inbox, destinations } = scene;
    const [one, other] = await tagsIn(inbox);
    const [id] = await idsIn(inbox);
    const reference = {
      ReferencedSOPClassUID: other?.['SOPClassUID'],
      ReferencedSOPInstanceUID: other?.['SOPInstanceUID'],
    };
    const request = {
      Keep: ['SOPInstanceUID'],
      Force: true,
      Replace: {
        SeriesDescription: 'refers',
        ReferencedImageSequence: [reference],
        SourceImageSequence: [{ ...reference, PurposeOfReferenceCodeSequence: [{ CodeValue: '1' }] }],
      },
    };
    const made = await fetch(`${inbox.url}/instances/${String(id)}/modify`, {
      method: 'POST',
      body: JSON.stringify(request),
    });
    await fetch(`${inbox.url}/instances/${String(id)}`, { method: 'DELETE' });
    await fetch(`${inbox.url}/instances`, { method: 'POST', body: await made.arrayBuffer() });
    expect(one?.['SOPInstanceUID']).not.toBe(other?.['SOPInstanceUID']);
    const file = await scene.destinationsFile(
      order({}, { anonymize: { Keep: ['SeriesDescription', 'InstanceNumber'] } }),
    );
    expect((await scene.run({ more: [file, '--trigger=StableStudy'] })).exitCode).toBe(0);
    const after = await tagsIn(destinations.there);
    const referring = after.find((tags) => tags['SeriesDescription'] === 'refers');
    const referred = (referring?.['ReferencedImageSequence'] as Tags[] | undefined)?.[0]?.[
      'ReferencedSOPInstanceUID'
    ];
    expect(after.map((tags) => tags['SOPInstanceUID'])).toContain(referred);
    expect(referred).not.toBe(other?.['SOPInstanceUID']);
    expect((referring?.['SourceImageSequence'] as Tags[])[0]?.['ReferencedSOPInstanceUID']).toBe(referred);
  });

  it('is not sent twice when the answer to a sending was lost', async () => {
    await using scene = await openScene({ seed: 344, studies: 1, destinations: { there: {} } });
    const isStraight = ({ path }: { readonly path: string }) => path.endsWith('/store-straight');
    scene.proxy.addFault({ effect: 'lose-answer', matching: isStraight, times: 1 });
    const more = [await scene.destinationsFile(order({}, anonymizing)), '--trigger=StableStudy'];
    expect((await scene.run({ more })).exitCode).toBe(0);
    expect(scene.proxy.faultCount('lose-answer')).toBe(1);
    expect(scene.proxy.requests.filter(isStraight)).toHaveLength(scene.sent.length);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});

describe('a study that is transcoded on the way', () => {
  const pixelsOf = async (orthanc: RunningOrthanc): Promise<string[]> =>
    Promise.all(
      (await idsIn(orthanc)).toSorted().map(async (id) => {
        const answer = await fetch(`${orthanc.url}/instances/${id}/frames/0/image-uint16`, {
          headers: { accept: 'image/x-portable-arbitrarymap' },
        });
        return Buffer.from(await answer.arrayBuffer()).toString('base64');
      }),
    );

  it.each([
    ['JPEG 2000', '1.2.840.10008.1.2.4.90'],
    ['RLE', '1.2.840.10008.1.2.5'],
    ['JPEG lossless', '1.2.840.10008.1.2.4.70'],
    ['implicit little endian', '1.2.840.10008.1.2'],
  ])('arrives in %s, with the same pixels, and is proved', async (_, transcode) => {
    await using scene = await openScene({
      seed: 345,
      shape: { imageSize: 32 },
      studies: 1,
      destinations: { there: {} },
    });
    const { inbox, destinations } = scene;
    const before = await pixelsOf(inbox);
    const file = await scene.destinationsFile({
      destinations: [{ name: 'there', target: 'there', transcode }],
    });
    expect((await scene.run({ more: [file, '--trigger=StableStudy'] })).exitCode).toBe(0);
    for (const id of scene.sent) {
      const answer = await fetch(`${destinations.there.url}/instances/${id}/metadata/TransferSyntax`);
      expect(await answer.text()).toBe(transcode);
    }
    expect(await pixelsOf(destinations.there)).toEqual(before);
    expect(await scene.held(inbox)).toEqual([]);
  });

  it('leaves what has no pixels as it is', async () => {
    await using scene = await openScene({
      seed: 346,
      studies: 1,
      shape: { modalities: ['SR'], seriesPerStudy: 1 },
      destinations: { there: {} },
    });
    const file = await scene.destinationsFile({
      destinations: [{ name: 'there', target: 'there', transcode: '1.2.840.10008.1.2.4.90' }],
    });
    expect((await scene.run({ more: [file, '--trigger=StableStudy'] })).exitCode).toBe(0);
    expect(await scene.held(scene.destinations.there)).toEqual(scene.sent);
  });
});

describe('an image that is larger than what is kept of it in memory', () => {
  const large = { imageSize: 3000, seriesPerStudy: 1, instancesPerSeries: 1 } as const;
  const content = order({}, { modify: { Replace: { InstitutionName: 'Elsewhere' } } });
  const isMaking = ({ path }: { readonly path: string }) => path.endsWith('/modify');

  it('is made once more when it is sent', async () => {
    await using scene = await openScene({ seed: 352, studies: 1, shape: large, destinations: { there: {} } });
    const file = await scene.destinationsFile(content);
    expect((await scene.run({ more: [file, '--trigger=StableStudy'] })).exitCode).toBe(0);
    expect(scene.proxy.requests.filter(isMaking)).toHaveLength(2);
    expect(await scene.held(scene.destinations.there)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('does not arrive when it is another then', async () => {
    await using scene = await openScene({ seed: 353, studies: 1, shape: large, destinations: { there: {} } });
    let made = 0;
    const isSecond = (request: { readonly path: string }) => isMaking(request) && (made += 1) === 2;
    scene.proxy.addFault({ effect: 'answer', status: 200, body: 'x'.repeat(1_000_000), matching: isSecond });
    const file = await scene.destinationsFile(content);
    const { setAside } = await scene.run({ more: [file, '--trigger=StableStudy', '--max-retries=0'] });
    expect(setAside.map(({ code }) => code)).toEqual(['CHANGED_OTHERWISE']);
    expect(await scene.held(scene.destinations.there)).toEqual([]);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });
});

describe('instances that become one on the way', () => {
  const content = order({}, { modify: { Replace: { SOPInstanceUID: '1.2.3' } } });

  it('are not deleted for the one that arrives, also where each goes by itself', async () => {
    await using scene = await openScene({
      seed: 357,
      studies: 1,
      shape: { seriesPerStudy: 1, instancesPerSeries: 12 },
      destinations: { there: {} },
    });
    const more = [await scene.destinationsFile(content), '--trigger=NewInstance'];
    const { exitCode, setAside } = await scene.run({ more });
    const [left, arrived] = [await scene.held(scene.inbox), await scene.held(scene.destinations.there)];
    expect(left.length + arrived.length).toBeGreaterThanOrEqual(scene.sent.length);
    expect(exitCode).toBe(3);
    expect(setAside.map(({ code }) => code)).toContain('CHANGED_INTO_ONE');
  });
});

describe('nothing of a study leaves', () => {
  const refused = { modify: { Replace: { NoSuchTag: 'x' } } };

  it.each([
    ['cannot be applied', order({}, refused), 'CHANGE_REFUSED'],
    [
      'makes one of several',
      order({}, { modify: { Replace: { SOPInstanceUID: '1.2.3' } } }),
      'CHANGED_INTO_ONE',
    ],
  ])('when its profile %s, and it is set aside', async (_, content, code) => {
    await using scene = await openScene({ seed: 347, destinations: { there: {} } });
    const more = [await scene.destinationsFile(content), '--trigger=StableStudy'];
    const { exitCode, setAside } = await scene.run({ more });
    expect(exitCode).toBe(3);
    expect(setAside.map((one) => one.code)).toEqual([code, code]);
    expect(await scene.held(scene.destinations.there)).toEqual([]);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect(scene.proxy.requests.filter(({ path }) => /store/.test(path))).toEqual([]);
  });

  it('when one of its instances cannot be changed; the others go', async () => {
    await using scene = await openScene({ seed: 348, destinations: { there: {} } });
    const { inbox, destinations } = scene;
    const [bad = ''] = scene.sent;
    scene.proxy.addFault({
      effect: 'answer',
      status: 400,
      body: JSON.stringify({ OrthancStatus: 15, OrthancError: 'Bad file format' }),
      matching: ({ path }) => path === `/instances/${bad}/modify`,
    });
    const { ParentStudy: badStudy } = await ask<{ ParentStudy: string }>(inbox, `/instances/${bad}/series`);
    const stays = (await ask<{ ID: string }[]>(inbox, `/studies/${badStudy}/instances`)).map(({ ID }) => ID);
    const content = order({}, { modify: { Replace: { InstitutionName: 'Elsewhere' } } });
    const { setAside } = await scene.run({
      more: [await scene.destinationsFile(content), '--trigger=StableStudy'],
    });
    expect(setAside.map(({ key, code }) => [key, code])).toEqual([[badStudy, 'CHANGE_REFUSED']]);
    expect(await scene.held(inbox)).toEqual(stays.toSorted());
    expect(await scene.held(destinations.there)).toEqual(scene.sent.filter((id) => !stays.includes(id)));
  });

  it('when what Orthanc makes cannot be read', async () => {
    await using scene = await openScene({ seed: 349, studies: 1, destinations: { there: {} } });
    const { proxy, sent } = scene;
    const content = order({}, { modify: { Replace: { InstitutionName: 'Elsewhere' } } });
    const path = `/instances/${String(sent[0])}/modify`;
    proxy.addFault({
      effect: 'answer',
      status: 200,
      body: 'no image',
      matching: (seen) => seen.path === path,
    });
    const { setAside } = await scene.run({
      more: [await scene.destinationsFile(content), '--trigger=StableStudy'],
    });
    expect(setAside.map(({ code }) => code)).toEqual(['NOT_DICOM']);
    expect(await scene.held(scene.destinations.there)).toEqual([]);
    expect(await scene.held(scene.inbox)).toEqual(sent);
  });
});

describe('what can be known to be impossible ends the run at its start', () => {
  it('a transfer syntax for which the inbox has no plugin', async () => {
    await using scene = await openScene({ seed: 350, studies: 1, destinations: { there: {} } });
    const isPlugins = ({ path }: { readonly path: string }) => path === '/plugins';
    scene.proxy.addFault({ effect: 'answer', status: 200, body: '["dicom-web"]', matching: isPlugins });
    const transcode = '1.2.840.10008.1.2.4.90';
    const file = await scene.destinationsFile({
      destinations: [{ name: 'there', target: 'there', transcode }],
    });
    const { exitCode, stderr } = await scene.run({ more: [file, '--trigger=StableStudy'] });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${transcode}, for which the source Orthanc needs its plugin gdcm`);
  });

  it('a DICOMweb server that asks for a password that only the inbox knows', async () => {
    await using scene = await openScene({ seed: 351, studies: 1, destinations: { there: {} } });
    const closed = { Url: `${scene.destinations.there.url}/dicom-web/`, Username: 'u', Password: 'p' };
    const put = { method: 'PUT', body: JSON.stringify(closed) };
    await fetch(`${scene.inbox.url}/dicom-web/servers/closed`, put);
    const content = order({ target: 'closed', mode: 'dicom-web' }, { modify: {} });
    const { exitCode, stderr } = await scene.run({
      more: [await scene.destinationsFile(content), '--trigger=StableStudy'],
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The DICOMweb server closed asks for credentials');
  });
});

describe('a study under new identifiers for a modality that only does storage commitment', () => {
  it('is sent and kept: commitment can be asked for nothing but what the inbox holds', async () => {
    await using scene = await openScene({
      seed: 346,
      studies: 1,
      destinations: { there: { behaviour: 'committing' } },
    });
    const file = await scene.destinationsFile(order({ mode: 'dicom' }, { anonymize: {} }));
    const { exitCode, stdout } = await scene.run({
      more: [file, '--trigger=StableStudy', '--max-retries=0'],
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"destination.unprovable"');
    expect(await idsIn(scene.destinations.there)).toHaveLength(scene.sent.length);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });
});
