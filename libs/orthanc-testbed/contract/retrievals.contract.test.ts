import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Job, type Orthanc, connectOrthanc, receivedIn } from '@orthanc-tools/orthanc-client';
import { type LinkedOrthancs, type OrthancVersion, openTestbed, startLinked } from '../src/index.ts';
import { type SyntheticStudy, clock, storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();

describe.each<OrthancVersion>(['1.13', '1.12'])('Orthanc %s', (version) => {
  let linked: LinkedOrthancs<'pacs'>;
  let orthanc: Orthanc;
  let study: SyntheticStudy;

  beforeAll(async () => {
    await testbed.prepare(version);
    linked = await startLinked(testbed, { source: { version }, destinations: { pacs: {} } });
    orthanc = connectOrthanc({ url: linked.source.url });
    study = await storeStudy(linked.destinations.pacs, { seed: 'retrieved', seriesPerStudy: 2 });
  }, 300_000);

  afterAll(async () => {
    await orthanc[Symbol.asyncDispose]();
    await linked[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await orthanc.instances.deleteAll(study.instanceIds);
  });

  const retrieve = async (
    method: 'move' | 'get',
    resources: readonly Readonly<Record<string, string>>[],
    more: { readonly level?: 'Study' | 'Series'; readonly targetAet?: string } = {},
  ): Promise<Job> => {
    const id = await orthanc.modalities.retrieve('pacs', method, { level: 'Study', resources, ...more });
    return orthanc.jobs.wait(id, { clock });
  };

  it.each(['move', 'get'] as const)('fetches a study by C-%s', async (method) => {
    const job = await retrieve(method, [{ StudyInstanceUID: study.studyUid }]);
    expect(job.failure).toBeUndefined();
    expect(await orthanc.studies.instances(study.id)).toHaveLength(6);
    expect(receivedIn(job)).toBe(version === '1.13' ? 6 : undefined);
  });

  it('fetches some series', async () => {
    const [seriesUid = ''] = study.seriesUids;
    const resource = { StudyInstanceUID: study.studyUid, SeriesInstanceUID: seriesUid };
    const job = await retrieve('move', [resource], { level: 'Series' });
    expect(job.failure).toBeUndefined();
    expect(await orthanc.studies.instances(study.id)).toHaveLength(3);
  });

  it('tells that nothing was moved to an AET that the modality does not know', async () => {
    const job = await retrieve('move', [{ StudyInstanceUID: study.studyUid }], { targetAet: 'NOBODY' });
    expect(job.failure).toMatchObject({ kind: 'ambiguous', code: 'RETRIEVAL_FAILED' });
  });

  it('tells where its modalities are', async () => {
    const [aet, host, port] = linked.destinations.pacs.modality;
    expect(await orthanc.modalities.settings()).toEqual([{ alias: 'pacs', aet, host, port }]);
  });

  it('finds its own studies by keys as those of C-FIND', async () => {
    await retrieve('move', [{ StudyInstanceUID: study.studyUid }]);
    const keys = { StudyDate: '19000101-29991231', StudyInstanceUID: '', NumberOfStudyRelatedInstances: '' };
    expect(await orthanc.studies.find(keys)).toEqual([
      expect.objectContaining({ StudyInstanceUID: study.studyUid, NumberOfStudyRelatedInstances: '6' }),
    ]);
    expect(await orthanc.studies.find({ ...keys, StudyDate: '19000101' })).toEqual([]);
  });
});
