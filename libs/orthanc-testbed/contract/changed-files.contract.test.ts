import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIdentifiers } from '@orthanc-tools/dicom-files';
import { type InstanceChange, type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type LinkedOrthancs, openTestbed, startLinked } from '../src/index.ts';
import { type SyntheticStudy, storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
const nobody = '00000000-00000000-00000000-00000000-00000000';
const jpeg2000 = '1.2.840.10008.1.2.4.90';
let linked: LinkedOrthancs<'usual' | 'refusing'>;
let source: Orthanc;
let study: SyntheticStudy;

beforeAll(async () => {
  await testbed.prepare();
  linked = await startLinked(testbed, {
    destinations: { usual: {}, refusing: { request: { configuration: { AcceptedTransferSyntaxes: [] } } } },
  });
  source = connectOrthanc({ url: linked.source.url });
  study = await storeStudy(linked.source, { seed: 'changed' });
}, 300_000);

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await linked[Symbol.asyncDispose]();
});

async function make(change: InstanceChange, id = study.instanceIds[0] ?? ''): Promise<Buffer> {
  const { body, length } = await source.instances.openChanged(id, change);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  expect(length).toBe(bytes.length);
  return bytes;
}

const keeping = (more: object = {}): InstanceChange => ({
  route: 'modify',
  change: {
    Keep: ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'],
    Force: true,
    ...more,
  },
});

describe('a changed copy', () => {
  it('is made without a trace in the Orthanc that makes it, and always the same', async () => {
    const look = async () => [await source.statistics(), await source.changes.last()];
    const before = await look();
    const change = keeping({ Replace: { PatientID: 'P' }, Transcode: jpeg2000 });
    const [one, other] = [await make(change), await make(change)];
    expect(one.equals(other)).toBe(true);
    expect(readIdentifiers(one)).toMatchObject({
      patientId: 'P',
      sopInstanceUid: study.sopInstanceUids[0],
      transferSyntaxUid: jpeg2000,
    });
    expect(await look()).toEqual(before);
  });

  it('is anonymised under the identifiers that it is given', async () => {
    const Replace = {
      PatientID: 'pseudonym',
      PatientName: 'pseudonym',
      StudyInstanceUID: '2.25.1',
      SeriesInstanceUID: '2.25.2',
      SOPInstanceUID: '2.25.3',
      FrameOfReferenceUID: '2.25.4',
    };
    const change: InstanceChange = { route: 'anonymize', change: { Replace, Force: true } };
    const [one, other] = [await make(change), await make(change)];
    expect(one.equals(other)).toBe(true);
    expect(readIdentifiers(one)).toMatchObject({ patientId: 'pseudonym', studyInstanceUid: '2.25.1' });
  });

  it.each([
    [{ Replace: { NoSuchTag: 'x' } }],
    [{ Replace: { Rows: 'many' } }],
    [{ Transcode: '1.2.840.10008.1.2.4.100' }],
    [{ Transcode: '1.2.3' }],
    [{ Remove: 'PatientName' }],
  ])('that cannot be made is refused: %j', async (more) => {
    await expect(make(keeping(more))).rejects.toMatchObject({ kind: 'permanent', code: 'CHANGE_REFUSED' });
  });

  it('of what is not there is not found', async () => {
    await expect(make(keeping(), nobody)).rejects.toMatchObject({ code: 'ORTHANC_NOT_FOUND' });
  });

  it.each(['modalities', 'peers'] as const)('reaches %s by its bytes, as it is', async (kind) => {
    const bytes = await make(keeping({ Replace: { PatientID: kind }, Transcode: jpeg2000 }));
    await source[kind].storeStraight('usual', bytes);
    await using there = connectOrthanc({ url: linked.destinations.usual.url });
    const { sopInstanceUid } = readIdentifiers(bytes);
    const held = await there.findInstances({
      sopInstanceUids: [sopInstanceUid],
      include: ['identifiers', 'transferSyntax'],
    });
    expect(held.find(({ identifiers }) => identifiers?.patientId === kind)).toMatchObject({
      md5: createHash('md5').update(bytes).digest('hex'),
      transferSyntax: jpeg2000,
    });
    expect((await source.findInstances({ sopInstanceUids: [sopInstanceUid] })).length).toBe(1);
  });

  it.each(['modalities', 'peers'] as const)('reaches nobody of %s when it is broken off', async (kind) => {
    const bytes = await make(keeping({ Replace: { PatientID: `broken ${kind}` } }));
    async function* cut() {
      yield await Promise.resolve(bytes.subarray(0, bytes.length - 1));
      throw new Error('not this one');
    }
    await expect(
      source[kind].storeStraight('usual', { body: cut(), length: bytes.length }),
    ).rejects.toThrow();
    await using there = connectOrthanc({ url: linked.destinations.usual.url });
    const { sopInstanceUid } = readIdentifiers(bytes);
    const held = await there.findInstances({ sopInstanceUids: [sopInstanceUid], include: ['identifiers'] });
    expect(held.filter(({ identifiers }) => identifiers?.patientId === `broken ${kind}`)).toEqual([]);
  });

  it('is refused by a modality that does not take its transfer syntax', async () => {
    const bytes = await make(keeping({ Transcode: jpeg2000 }));
    await expect(source.modalities.storeStraight('refusing', bytes)).rejects.toMatchObject({
      code: 'SOP_CLASS_REFUSED',
    });
  });

  it.each(['modalities', 'peers'] as const)('has nowhere to go where %s has no such alias', async (kind) => {
    await expect(source[kind].storeStraight('nobody', Buffer.from('x'))).rejects.toMatchObject({
      kind: 'configuration',
      code: 'DESTINATION_UNKNOWN',
    });
  });
});

it('tells all tags of an instance', async () => {
  const tags = await source.instances.tags(study.instanceIds[0] ?? '');
  expect(tags['0020,000d']).toMatchObject({ Name: 'StudyInstanceUID', Type: 'String' });
  expect(tags).toHaveProperty('7fe0,0010');
});
