import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareStudy, confirmVanished, haveSameContent } from '@orthanc-tools/copy-proof';
import { openTransferSyntax, synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import type { ArchiveRequest, SyntheticInstance } from '@orthanc-tools/dicom-synthesis';
import { connectOrthanc } from '@orthanc-tools/orthanc-client';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { openTestbed, startFaultProxy } from '../src/index.ts';
import type { OrthancRequest, RunningOrthanc } from '../src/index.ts';

const testbed = await openTestbed();
let server: RunningOrthanc;
let source: Orthanc;

beforeAll(async () => {
  await testbed.prepare();
  server = await testbed.startOrthanc({ name: 'source' });
  source = connectOrthanc({ url: server.url });
}, 300_000);

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const small = { studies: 1, imageSize: 32, seriesPerStudy: 1, instancesPerSeries: 3, modalities: ['CT'] };

function studyOf(request: Partial<ArchiveRequest> & { seed: string }): {
  files: SyntheticInstance[];
  id: string;
} {
  const files = [...synthesizeArchive({ ...small, ...request })].flatMap((study) => [...study.instances()]);
  const [first] = files;
  if (first === undefined) throw new Error('nothing was made');
  return { files, id: first.orthancIds().study };
}

/** The same identifiers with another pixel at the end. */
function altered({ bytes }: SyntheticInstance): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

interface Copied {
  readonly request: Partial<ArchiveRequest> & { seed: string };
  readonly configuration?: NonNullable<OrthancRequest['configuration']>;
  /** What the destination holds before anything is sent. */
  readonly before?: (files: readonly SyntheticInstance[]) => readonly Buffer[];
}

async function copied({ request, configuration = {}, before }: Copied) {
  const { files, id } = studyOf(request);
  for (const { bytes } of files) await source.instances.store(bytes);
  await using there = await testbed.startOrthanc({ name: 'destination', configuration });
  await using destination = connectOrthanc({ url: there.url });
  for (const bytes of before?.(files) ?? []) await destination.instances.store(bytes);
  const held = new Set((await destination.studies.instances(id)).map((instance) => instance.id));
  for (const { bytes } of files) await destination.instances.store(bytes);
  const [ours, theirs] = await Promise.all([source.studies.instances(id), destination.studies.instances(id)]);
  const verdicts = compareStudy(ours, theirs, (instance) => held.has(instance));
  const sizes = new Map(theirs.map(({ id: instance, size }) => [instance, size]));
  const same = await Promise.all(
    ours.map((one) => haveSameContent([source, one], [destination, { id: one.id, size: sizes.get(one.id) }])),
  );
  return { verdicts: verdicts.map(({ verdict }) => verdict), same: new Set(same) };
}
const all = <T>(verdict: T): T[] => [verdict, verdict, verdict];

describe('a copy between real Orthancs', () => {
  it('is proved by ID and MD5', async () => {
    const { verdicts, same } = await copied({ request: { seed: 'proof-plain' } });
    expect(verdicts).toEqual(all({ is: 'proved', proof: 'id+md5' }));
    expect(same).toEqual(new Set([true]));
  });

  it('is proved by ID and MD5 where the destination compresses its storage', async () => {
    const configuration = { StorageCompression: true };
    const { verdicts } = await copied({ request: { seed: 'proof-compressed' }, configuration });
    expect(verdicts).toEqual(all({ is: 'proved', proof: 'id+md5' }));
  });

  it('is proved by ID where the destination keeps no MD5', async () => {
    const configuration = { StoreMD5ForAttachments: false };
    const { verdicts } = await copied({ request: { seed: 'proof-id' }, configuration });
    expect(verdicts).toEqual(all({ is: 'proved', proof: 'id' }));
  });

  it('is not proved where the destination converts what arrives', async () => {
    const transferSyntaxes = [await openTransferSyntax('rleLossless')];
    // Debian's GDCM plugin crashes Orthanc when it converts an instance on arrival (1.12.7 and 1.13.0).
    const configuration = {
      IngestTranscoding: '1.2.840.10008.1.2.1',
      BuiltinDecoderTranscoderOrder: 'Before',
    };
    const { verdicts, same } = await copied({
      request: { seed: 'proof-converted', transferSyntaxes },
      configuration,
    });
    expect(verdicts).toEqual(all({ is: 'different' }));
    expect(same).toEqual(new Set([false]));
  });

  it('is not proved by what the destination held before with other pixels', async () => {
    const before = (files: readonly SyntheticInstance[]) => files.map(altered);
    const { verdicts, same } = await copied({
      request: { seed: 'proof-conflict' },
      configuration: { OverwriteInstances: false },
      before,
    });
    expect(verdicts).toEqual(all({ is: 'different' }));
    expect(same).toEqual(new Set([false]));
  });

  it('stays undecided for what was there before, where the destination keeps no MD5', async () => {
    const before = (files: readonly SyntheticInstance[]) => files.map(altered);
    const { verdicts, same } = await copied({
      request: { seed: 'proof-undecided' },
      configuration: { OverwriteInstances: false, StoreMD5ForAttachments: false },
      before,
    });
    expect(verdicts).toEqual(all({ is: 'undecided' }));
    expect(same).toEqual(new Set([false]));
  });
});

describe('a study that is gone', () => {
  it('is believed to be gone when Orthanc says so, and not before', async () => {
    const { files, id } = studyOf({ seed: 'proof-vanished' });
    for (const { bytes } of files) await source.instances.store(bytes);
    expect(await confirmVanished(source, id)).toBe(false);
    await source.call({ method: 'DELETE', path: `/studies/${id}` });
    expect(await confirmVanished(source, id)).toBe(true);
  });

  it('is never believed on the word of a proxy', async () => {
    const { files, id } = studyOf({ seed: 'proof-proxy' });
    for (const { bytes } of files) await source.instances.store(bytes);
    await using proxy = await startFaultProxy(server.url);
    await using behind = connectOrthanc({ url: proxy.url });
    const wrongRoute = { kind: 'configuration', code: 'ORTHANC_ANSWERS_NOT_FOUND', scope: 'run' };
    const removeFault = proxy.addFault({
      effect: 'answer',
      status: 404,
      matching: ({ path }) => path !== '/system',
    });
    await expect(confirmVanished(behind, id)).rejects.toMatchObject(wrongRoute);
    removeFault();
    proxy.addFault({ effect: 'answer', status: 404 });
    await expect(confirmVanished(behind, id)).rejects.toMatchObject(wrongRoute);
  });
});
