import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIdentifiers } from '@orthanc-tools/dicom-files';
import {
  type InstanceChange,
  type Orthanc,
  connectDicomWebServer,
  connectOrthanc,
} from '@orthanc-tools/orthanc-client';
import { type LinkedOrthancs, openTestbed, startLinked } from '../src/index.ts';
import { type SyntheticStudy, storeStudy } from './synthetic-study.ts';

// As native processes: a DICOMweb server that gets changed copies is reached by the tool itself, and the names by which
// containers know each other mean nothing to it.
const testbed = await openTestbed({ provider: 'native' });
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

async function heldOf(bytes: Buffer, patientId: string) {
  await using there = connectOrthanc({ url: linked.destinations.usual.url });
  const sopInstanceUids = [readIdentifiers(bytes).sopInstanceUid];
  const found = await there.findInstances({ sopInstanceUids, include: ['identifiers', 'transferSyntax'] });
  return found.filter(({ identifiers }) => identifiers?.patientId === patientId);
}

async function* flow(bytes: Buffer) {
  for (let from = 0; from < bytes.length; from += 500)
    yield await Promise.resolve(bytes.subarray(from, from + 500));
}

async function* cut(bytes: Buffer) {
  yield* flow(bytes.subarray(0, bytes.length - 1));
  throw new Error('not this one');
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
    const [held] = await heldOf(bytes, kind);
    expect(held).toMatchObject({
      md5: createHash('md5').update(bytes).digest('hex'),
      transferSyntax: jpeg2000,
    });
    const { sopInstanceUid } = readIdentifiers(bytes);
    expect(await source.findInstances({ sopInstanceUids: [sopInstanceUid] })).toHaveLength(1);
  });

  it.each(['modalities', 'peers'] as const)('reaches nobody of %s when it is broken off', async (kind) => {
    const bytes = await make(keeping({ Replace: { PatientID: `broken ${kind}` } }));
    const file = { body: cut(bytes), length: bytes.length };
    await expect(source[kind].storeStraight('usual', file)).rejects.toThrow();
    expect(await heldOf(bytes, `broken ${kind}`)).toEqual([]);
  });

  it.each([
    ['in memory', (bytes: Buffer) => bytes],
    ['as it comes', (bytes: Buffer) => ({ body: flow(bytes), length: bytes.length })],
  ])('reaches a DICOMweb server by its own address, %s', async (how, given) => {
    const bytes = await make(keeping({ Replace: { PatientID: how } }));
    const { url, isOpen } = await source.dicomWebServers.address('usual');
    expect(isOpen).toBe(true);
    await using server = connectDicomWebServer({ url });
    expect(await server.storeFile(given(bytes))).toEqual({ referenced: 1, failed: [] });
    expect(await heldOf(bytes, how)).toHaveLength(1);
  });

  it('does not reach a DICOMweb server when it is broken off', async () => {
    const bytes = await make(keeping({ Replace: { PatientID: 'broken stow' } }));
    const { url } = await source.dicomWebServers.address('usual');
    await using server = connectDicomWebServer({ url });
    await expect(server.storeFile({ body: cut(bytes), length: bytes.length })).rejects.toThrow();
    expect(await heldOf(bytes, 'broken stow')).toEqual([]);
  });

  it('needs more than an address where the server asks for a password', async () => {
    const closed = { Url: 'http://127.0.0.1:1/dicom-web/', Username: 'u', Password: 'p' };
    await source.call({
      method: 'PUT',
      path: '/dicom-web/servers/closed',
      content: closed,
      isPlainText: true,
    });
    expect((await source.dicomWebServers.address('closed')).isOpen).toBe(false);
    await expect(source.dicomWebServers.address('nobody')).rejects.toMatchObject({
      code: 'DESTINATION_UNKNOWN',
    });
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
