import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type LinkedOrthancs, openTestbed, startLinked } from '../src/index.ts';
import { clock, storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
const nobody = '00000000-00000000-00000000-00000000-00000000';
let linked: LinkedOrthancs<'sender'>;
let orthanc: Orthanc;

// The source here receives: from `sender` over DICOM, from the test over REST.
beforeAll(async () => {
  await testbed.prepare();
  linked = await startLinked(testbed, {
    source: { configuration: { StableAge: 1 } },
    destinations: { sender: {} },
  });
  orthanc = connectOrthanc({ url: linked.source.url });
}, 300_000);

afterAll(async () => {
  await orthanc[Symbol.asyncDispose]();
  await linked[Symbol.asyncDispose]();
});

const store = (seed: string, request = {}) => storeStudy(linked.source, { seed, ...request });

describe('facts', () => {
  it('tell when a study is stable, and when it was last touched', async () => {
    const { id, files } = await store('facts-stable');
    const look = async () => {
      const [facts] = await orthanc.resources.facts('Study', [id]);
      if (facts === undefined) throw new Error('the study is there');
      return facts;
    };
    const fresh = await look();
    expect(fresh).toMatchObject({ level: 'Study', id, isStable: false, labels: [] });
    expect(fresh.lastUpdate).toMatch(/^\d{8}T\d{6}$/);
    await orthanc.labels.put({ level: 'studies', id }, 'URGENT');
    for (let facts = fresh; facts.isStable !== true; facts = await look()) await clock.sleep(50);
    const stable = await look();
    expect(stable.labels).toEqual(['URGENT']);
    expect(stable.tags['StudyInstanceUID']).toBe(files[0]?.identifiers.studyInstanceUid);
    expect(stable.tags['PatientID']).toBe(files[0]?.identifiers.patientId);
  });

  it('tell the AET from which series and instances came', async () => {
    const study = await storeStudy(linked.destinations.sender, { seed: 'facts-aet', seriesPerStudy: 2 });
    await using sender = connectOrthanc({ url: linked.destinations.sender.url });
    await sender.jobs.finish(await sender.modalities.store('source', [study.id]), { clock });
    for (const level of ['Series', 'Instance'] as const) {
      const facts = await orthanc.resources.facts(level, [study.id]);
      expect(facts).toHaveLength(level === 'Series' ? 2 : 6);
      expect(new Set(facts.map(({ metadata }) => metadata['RemoteAET']))).toEqual(new Set(['SENDER']));
      expect(facts[0]?.tags[level === 'Series' ? 'Modality' : 'SOPInstanceUID']).toBeDefined();
    }
    const [first] = await orthanc.resources.facts('Instance', [study.instanceIds[0] ?? '']);
    const [series] = await orthanc.resources.facts('Series', [study.instanceIds[0] ?? '']);
    expect(first?.parentId).toBe(series?.id);
    expect(series?.parentId).toBe(study.id);
    expect(series?.childIds).toContain(first?.id);
  });

  it('of what is not there are none', async () => {
    expect(await orthanc.resources.facts('Study', [nobody])).toEqual([]);
    expect(await orthanc.resources.facts('Study', [])).toEqual([]);
  });
});

it('statistics tell how large a study or a series is', async () => {
  const { id, files } = await store('statistics', { seriesPerStudy: 2 });
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const study = await orthanc.resources.statistics({ level: 'Study', id });
  expect(study?.instances).toBe(6);
  expect(study?.uncompressedSize).toBeGreaterThanOrEqual(bytes);
  const series = files[0]?.orthancIds().series ?? '';
  expect(await orthanc.resources.statistics({ level: 'Series', id: series })).toMatchObject({ instances: 3 });
  expect(await orthanc.resources.statistics({ level: 'Study', id: nobody })).toBeUndefined();
});

describe('a changed copy', () => {
  const changed = async (
    how: 'modify' | 'anonymize',
    request: Parameters<Orthanc['resources']['modify']>[0],
  ) => {
    const job = await orthanc.jobs.finish(await orthanc.resources[how](request), { clock });
    return orthanc.resources.productsOf(job);
  };

  it('of a study is another study, and tells from which it came', async () => {
    const { id } = await store('modify-study', { seriesPerStudy: 2 });
    const change = { Replace: { StudyDescription: 'CHANGED' } };
    const products = await changed('modify', { level: 'Study', ids: [id], change });
    const [study, ...others] = products.filter(({ level }) => level === 'Study');
    expect(others).toEqual([]);
    expect(study?.id).not.toBe(id);
    expect(products.filter(({ level }) => level === 'Instance')).toHaveLength(6);
    const [facts] = await orthanc.resources.facts('Study', [study?.id ?? '']);
    expect(facts?.tags['StudyDescription']).toBe('CHANGED');
    expect(facts?.metadata['ModifiedFrom']).toBe(id);
    expect(await orthanc.studies.exists(id)).toBe(true);
  });

  it('may be anonymised, also of single instances', async () => {
    const { id, instanceIds } = await store('anonymize');
    const [first = ''] = instanceIds;
    const products = await changed('anonymize', { level: 'Instance', ids: [first], change: {} });
    const [instance, ...others] = products.filter(({ level }) => level === 'Instance');
    expect(others).toEqual([]);
    const [facts] = await orthanc.resources.facts('Instance', [instance?.id ?? '']);
    expect(facts?.metadata['AnonymizedFrom']).toBe(first);
    const [study] = await orthanc.resources.facts('Study', [instance?.id ?? '']);
    expect(study?.id).not.toBe(id);
  });

  it('that Orthanc cannot make is refused', async () => {
    const { id } = await store('modify-refused');
    const request = { level: 'Study', ids: [id], change: { Replace: { NoSuchTag: 'X' } } } as const;
    await expect(changed('modify', request)).rejects.toMatchObject({
      code: expect.stringMatching(/^(ORTHANC_|JOB_)/) as unknown,
    });
  });
});

it('instances are deleted by their identifiers, and nothing else of their study', async () => {
  const { id, instanceIds } = await store('delete');
  const [first = '', ...others] = instanceIds;
  await orthanc.instances.deleteAll([]);
  await orthanc.instances.deleteAll([first, nobody]);
  expect((await orthanc.studies.instances(id)).map((instance) => instance.id).toSorted()).toEqual(
    others.toSorted(),
  );
  await orthanc.instances.deleteAll(others);
  expect(await orthanc.studies.exists(id)).toBe(false);
});
