import { describe, expect, it } from '@jest/globals';
import { openTransferSyntax } from '@orthanc-tools/dicom-synthesis';
import { compareSnapshots, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { anotherPatientName, anotherPixel, changeOneInstance } from './change-one-instance.ts';
import { type Scene, openScene } from './clone-scene.ts';
import { argumentsFor, openModeScene } from './mode-scene.ts';

const transferSyntaxes = await Promise.all(
  (
    [
      'jpeg2000Lossless',
      'jpegLsLossless',
      'rleLossless',
      'deflatedExplicitLittleEndian',
      'explicitBigEndian',
      'implicitLittleEndian',
    ] as const
  ).map(openTransferSyntax),
);
const rle = [await openTransferSyntax('rleLossless')];

const noPlugin = { Plugins: [] };
const paths = [
  ['both servers have DICOMweb', {}, {}],
  ['only the destination has DICOMweb', noPlugin, {}],
  ['only the source has DICOMweb', {}, noPlugin],
  ['neither server has DICOMweb', noPlugin, noPlugin],
] as const;

const areEqual = async ({ source, destination }: Scene) => {
  const read = { read: 'files' } as const;
  return compareSnapshots(await snapshotOrthanc(source, read), await snapshotOrthanc(destination, read))
    .areEqual;
};

async function transferSyntaxesAt({ destination }: Scene): Promise<Set<string>> {
  const found = new Set<string>();
  for (const id of (await snapshotOrthanc(destination)).keys())
    found.add(await (await fetch(`${destination.url}/instances/${id}/metadata/TransferSyntax`)).text());
  return found;
}

const provedBy = (byProof: Readonly<Record<string, { readonly parts: number }>>) =>
  Object.fromEntries(Object.entries(byProof).map(([proof, { parts }]) => [proof, parts]));

const everySyntax = { studies: 8, seriesPerStudy: 1, instancesPerSeries: 2, imageSize: 32, transferSyntaxes };

describe('every byte of a compressed, deflated or big endian image arrives', () => {
  it.each(paths)('where %s', async (_, source, destination) => {
    await using scene = await openScene({
      seed: 501,
      studies: 15,
      seriesPerStudy: 2,
      instancesPerSeries: 2,
      imageSize: 32,
      transferSyntaxes,
      source: { configuration: source },
      destination: { configuration: destination },
    });
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(0);
    expect(await areEqual(scene)).toBe(true);
    expect(await transferSyntaxesAt(scene)).toEqual(new Set(transferSyntaxes.map(({ uid }) => uid)));
    expect(provedBy(report.ledger.byProof)).toEqual({ 'id+md5': scene.instances });
  });

  it.each(['Peering', 'Transfer'] as const)('by the mode %s', async (mode) => {
    await using scene = await openModeScene({ ...everySyntax, seed: 503 });
    const argv = [...scene.usualArguments, ...argumentsFor[mode]];
    const { exitCode, report } = await scene.run({ argv });
    expect(exitCode).toBe(0);
    expect(await areEqual(scene)).toBe(true);
    expect(provedBy(report.ledger.byProof)).toEqual({ 'id+md5': scene.instances });
  });

  it('or, by the mode Dicom, an image that is proved as far as it can be', async () => {
    await using scene = await openModeScene({ ...everySyntax, seed: 504 });
    const argv = [...scene.usualArguments, ...argumentsFor.Dicom];
    const { exitCode, report } = await scene.run({ argv });
    expect(exitCode).toBe(0);
    expect(report.summary).toMatchObject({ provedInstances: scene.instances, acceptedInstances: 0 });
    const proofs = Object.keys(report.ledger.byProof);
    expect(proofs).toContain('image');
    expect(['id+md5', 'id+sent', 'image']).toEqual(expect.arrayContaining(proofs));
    // What came by the sending is still there.
    const again = await scene.run({ argv: [...argv, '--prove-again'] });
    expect(again).toMatchObject({ exitCode: 0, report: { ledger: { byProof: report.ledger.byProof } } });
    expect(again.report.summary).toMatchObject({ copiedInstances: 0, provedInstances: scene.instances });
  });

  it.each(paths)('as a single large image, where %s', async (_, source, destination) => {
    await using scene = await openScene({
      seed: 502,
      studies: 1,
      seriesPerStudy: 1,
      instancesPerSeries: 1,
      imageSize: 3000,
      transferSyntaxes: rle,
      source: { configuration: source },
      destination: { configuration: destination },
    });
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(0);
    expect(report.summary['copiedBytes']).toBeGreaterThan(8 * 1024 * 1024);
    const reads = scene.toSource.requests.filter(({ path }) => /^\/instances\/[^/]+\/file$/.test(path));
    expect(reads).toHaveLength(1);
    expect(await areEqual(scene)).toBe(true);
    expect(provedBy(report.ledger.byProof)).toEqual({ 'id+md5': 1 });
  });
});

describe('a destination that keeps files in its own way', () => {
  it('has all that it converted on arrival set aside, and nothing called proved', async () => {
    // GDCM, which Orthanc would ask first, crashes it when it converts on arrival (1.12.7 and 1.13.0).
    const configuration = {
      IngestTranscoding: '1.2.840.10008.1.2.1',
      BuiltinDecoderTranscoderOrder: 'Before',
    };
    await using scene = await openScene({
      seed: 503,
      studies: 2,
      transferSyntaxes: rle,
      destination: { configuration },
    });
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(3);
    expect(report.summary).toMatchObject({ provedInstances: 0, setAsideInstances: scene.instances });
    const codes = report.setAside.flatMap(({ parts }) => parts.map(({ code }) => code));
    expect(codes).toEqual(Array<string>(scene.instances).fill('CONTENT_CHANGED'));
  });

  it('is proved equal where it compresses its storage', async () => {
    await using scene = await openScene({
      seed: 504,
      transferSyntaxes,
      destination: { configuration: { StorageCompression: true } },
    });
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(0);
    expect(await areEqual(scene)).toBe(true);
    expect(provedBy(report.ledger.byProof)).toEqual({ 'id+md5': scene.instances });
  });

  const noMd5 = { configuration: { StoreMD5ForAttachments: false } };
  it.each([
    ['without MD5 at the source', { source: noMd5 }],
    ['without MD5 at the destination', { destination: noMd5 }],
    ['without MD5 at both', { source: noMd5, destination: noMd5 }],
  ])('is proved %s: by ID for what was sent, by content for what was there', async (_, servers) => {
    await using scene = await openScene({ seed: 505, studies: 3, ...servers });
    const first = await scene.run();
    expect(first.exitCode).toBe(0);
    expect(provedBy(first.report.ledger.byProof)).toEqual({ id: scene.instances });
    const other = scene.usualArguments.map((one) => one.replace('ledger.sqlite', 'other.sqlite'));
    const again = await scene.run({ argv: other });
    expect(again.exitCode).toBe(0);
    expect(provedBy(again.report.ledger.byProof)).toEqual({ 'id+content': scene.instances });
    expect(await areEqual(scene)).toBe(true);
  });
});

describe('a destination that holds the same UIDs with other content', () => {
  const changes = { 'another pixel': anotherPixel, 'another patient name': anotherPatientName };
  it.each([
    ['another pixel', { OverwriteInstances: false }],
    ['another pixel', { OverwriteInstances: true }],
    ['another patient name', { OverwriteInstances: false }],
    ['another patient name', { OverwriteInstances: true }],
    ['another patient name', { OverwriteInstances: false, StoreMD5ForAttachments: false }],
    ['another pixel', { OverwriteInstances: true, StoreMD5ForAttachments: false }],
  ] as const)('is reported and not overwritten: %s, %j', async (what, configuration) => {
    await using scene = await openScene({ seed: 506, studies: 3, destination: { configuration } });
    const id = await changeOneInstance(scene.source, scene.destination, changes[what]);
    const before = (await snapshotOrthanc(scene.destination, { read: 'files' })).get(id)?.sha256;
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(3);
    expect(report.setAside.flatMap(({ parts }) => parts)).toMatchObject([
      { part: id, code: 'CONTENT_CONFLICT' },
    ]);
    const held = await snapshotOrthanc(scene.destination, { read: 'files' });
    expect(held.get(id)?.sha256).toBe(before);
    expect(held.size).toBe(scene.instances);
    expect(report.summary).toMatchObject({
      provedInstances: scene.instances - 1,
      setAsideInstances: 1,
    });
  });
});
