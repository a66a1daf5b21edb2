import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Orthanc, type ResourceBelongings, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type OrthancVersion, type RunningOrthanc, openTestbed } from '../src/index.ts';
import { storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();

const configuration = { UserMetadata: { triage: 1030 }, StableAge: 600 };

describe.each<OrthancVersion>(['1.13', '1.12'])('what belongs to the studies of Orthanc %s', (version) => {
  let server: RunningOrthanc;
  let orthanc: Orthanc;

  beforeAll(async () => {
    await testbed.prepare(version);
    server = await testbed.startOrthanc({ version, configuration });
    orthanc = connectOrthanc({ url: server.url });
  }, 300_000);

  afterAll(async () => {
    await orthanc[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const put = async (path: string, body: string) => {
    const { status } = await fetch(`${server.url}${path}`, { method: 'PUT', body });
    expect(status).toBe(200);
  };
  const withoutEmpty = (found: readonly ResourceBelongings[]) =>
    found
      .filter(
        (one) => one.labels.length + one.metadata.size + one.attachments.size > 0 || one.isProtected === true,
      )
      .map(({ level, id, labels, metadata, attachments, isProtected = false }) => ({
        ...{ level, id, labels, isProtected },
        metadata: Object.fromEntries(metadata),
        files: Object.fromEntries([...attachments].map(([number, { size }]) => [number, size])),
      }));

  it('is read at every level, whether studies are asked for together, alone or by identifier only', async () => {
    const study = await storeStudy(server, { seed: `belongings-${version}` });
    const other = await storeStudy(server, { seed: `belongings-other-${version}` });
    const [instance = ''] = study.instanceIds;
    const [series = ''] = await orthanc.series.ofInstances([instance]);
    const [patient] = await orthanc.resources.facts('Patient', [study.id]);
    await put(`/studies/${study.id}/metadata/triage`, 'urgent');
    await put(`/series/${series}/metadata/1024`, 'é');
    await put(`/instances/${instance}/metadata/1024`, '');
    await put(`/patients/${patient?.id ?? ''}/metadata/1024`, 'p');
    await put(`/studies/${study.id}/attachments/1031`, 'report');
    await put(`/patients/${patient?.id ?? ''}/attachments/1031`, 'card');
    await put(`/instances/${instance}/attachments/1031`, 'sketch');
    await put(`/studies/${study.id}/labels/KEEP`, '');
    await put(`/instances/${instance}/labels/KEY`, '');
    await put(`/patients/${patient?.id ?? ''}/protected`, '1');

    const none = { labels: [], isProtected: false, metadata: {}, files: {} };
    const expected = [
      {
        ...none,
        level: 'Study',
        id: study.id,
        labels: ['KEEP'],
        metadata: { 1030: 'urgent' },
        files: { 1031: 6 },
      },
      { ...none, level: 'Series', id: series, metadata: { 1024: 'é' } },
      {
        ...none,
        level: 'Instance',
        id: instance,
        labels: ['KEY'],
        metadata: { 1024: '' },
        files: { 1031: 6 },
      },
      {
        ...none,
        level: 'Patient',
        id: patient?.id,
        isProtected: true,
        metadata: { 1024: 'p' },
        files: { 1031: 4 },
      },
    ];
    const heads = await orthanc.studies.heads([study.id, other.id]);
    const headless = [{ id: study.id, uid: undefined, seriesIds: [] }];
    for (const asked of [heads, heads.filter(({ id }) => id === study.id), headless]) {
      const found = await orthanc.belongings.ofStudies(asked, { withInstances: true });
      expect(withoutEmpty(found.get(study.id) ?? [])).toEqual(expected);
      if (asked.length > 1) expect(withoutEmpty(found.get(other.id) ?? [])).toEqual([]);
    }
    const listed = await orthanc.studies.instancesOfEach(heads, undefined, ['belongings']);
    expect(listed.get(study.id)?.filter(({ belongings }) => belongings !== undefined)).toEqual([
      expect.objectContaining({ id: instance }),
    ]);
  });

  it('is brought and taken away', async () => {
    const { id } = await storeStudy(server, { seed: `belongings-put-${version}` });
    const resource = { level: 'Study', id } as const;
    const [patient] = await orthanc.resources.facts('Patient', [id]);
    await orthanc.belongings.putMetadata(resource, 1025, 'one');
    await orthanc.belongings.putMetadata(resource, 1025, 'two');
    await orthanc.belongings.putAttachment(resource, 1040, Buffer.from('a file'));
    await orthanc.belongings.protect(patient?.id ?? '');
    const read = async () =>
      withoutEmpty((await orthanc.belongings.ofStudies([await head(id)])).get(id) ?? []);
    expect(await read()).toEqual([
      expect.objectContaining({ level: 'Study', metadata: { 1025: 'two' }, files: { 1040: 6 } }),
      expect.objectContaining({ level: 'Patient', isProtected: true }),
    ]);
    const pieces: Buffer[] = [];
    for await (const piece of (await orthanc.belongings.openAttachment(resource, 1040)).body)
      pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('a file');
    await orthanc.belongings.removeMetadata(resource, 1025);
    await orthanc.belongings.removeAttachment(resource, 1040);
    expect(await read()).toEqual([expect.objectContaining({ level: 'Patient' })]);
  });

  const head = async (id: string) => {
    const [found] = await orthanc.studies.heads([id]);
    if (found === undefined) throw new Error('the study is there');
    return found;
  };
});
