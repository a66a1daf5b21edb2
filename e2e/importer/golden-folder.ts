import { hash } from 'node:crypto';
import { chmod, mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createDeflateRaw, crc32, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { type SyntheticInstance, synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { writeMultiframe } from './multiframe-file.ts';

/** What the manifest says of a file, apart from the reason in words. */
export interface ExpectedLine {
  readonly status: string;
  readonly code?: string;
  readonly id?: string;
  readonly size: number;
  readonly md5?: string;
}

export interface GoldenRequest {
  readonly seed: number;
  readonly tinyImages: number;
  readonly tinyTexts: number;
  readonly multiframeBytes: number;
}

/** By path, as the manifest writes it. */
export type Expected = ReadonlyMap<string, ExpectedLine>;

const gigabyte = 1024 ** 3;
const imagesInFolder = 50;
const textsInFolder = 1000;

/** Everything that a folder of a hospital was ever seen to hold; gives what a manifest of it must say. */
export async function makeGoldenFolder(folder: string, request: GoldenRequest): Promise<Expected> {
  const expected = new Map<string, ExpectedLine>();
  const scene = { folder, expected, request };
  await addTinyFiles(scene);
  const specials = [...specialImages(request.seed)];
  await addOddImages(scene, specials.slice(0, 6));
  await addJunk(scene);
  await addArchives(scene, specials.slice(6, 12));
  await addLinks(scene);
  await addLocked(scene, specials.slice(12));
  await addMultiframe(scene);
  return expected;
}

interface GoldenScene {
  readonly folder: string;
  readonly expected: Map<string, ExpectedLine>;
  readonly request: GoldenRequest;
}

function* specialImages(seed: number): Generator<SyntheticInstance> {
  const shape = { studies: 1, seriesPerStudy: 1, instancesPerSeries: 16, imageSize: 16, modalities: ['CT'] };
  for (const study of synthesizeArchive({ seed: `special ${String(seed)}`, ...shape }))
    yield* study.instances();
}

async function put({ folder }: GoldenScene, path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

const storedLine = (instance: SyntheticInstance, bytes: Uint8Array = instance.bytes): ExpectedLine => ({
  status: 'stored',
  id: instance.orthancIds().instance,
  size: bytes.length,
  md5: hash('md5', bytes),
});

async function addTinyFiles(scene: GoldenScene): Promise<void> {
  const { tinyImages, tinyTexts, seed } = scene.request;
  const studies = Math.ceil(tinyImages / imagesInFolder);
  const shape = { seriesPerStudy: 1, instancesPerSeries: imagesInFolder, imageSize: 8, modalities: ['CT'] };
  let images = 0;
  for (const study of synthesizeArchive({ seed, studies, ...shape }))
    for (const instance of study.instances()) {
      if (images >= tinyImages) break;
      const path = `images/${String(Math.floor(images / imagesInFolder))}/${String(images % imagesInFolder)}.dcm`;
      images += 1;
      await put(scene, path, instance.bytes);
      scene.expected.set(path, storedLine(instance));
    }
  for (let text = 0; text < tinyTexts; text += 1) {
    const path = `texts/${String(Math.floor(text / textsInFolder))}/${String(text)}.txt`;
    const content = `note ${String(text)}`;
    await put(scene, path, content);
    scene.expected.set(path, { status: 'not-dicom', code: 'NOT_DICOM', size: content.length });
  }
}

/** Its tag and VR in explicit little endian. */
const studyInstanceUid = Buffer.from([0x20, 0, 0x0d, 0, 0x55, 0x49]);

async function addOddImages(scene: GoldenScene, images: readonly SyntheticInstance[]): Promise<void> {
  const [bare, cut, corrupt, odd, both, homeless] = images;
  if (!bare || !cut || !corrupt || !odd || !both || !homeless) throw new Error('too few images');
  const { expected, folder } = scene;
  const withoutPreamble = bare.bytes.subarray(132);
  await put(scene, 'odd/without preamble', withoutPreamble);
  expected.set('odd/without preamble', storedLine(bare, withoutPreamble));
  await put(scene, 'odd/cut.dcm', cut.bytes.subarray(0, 200));
  expected.set('odd/cut.dcm', { status: 'refused', code: 'INSTANCE_NOT_DICOM', size: 200 });
  const ofNoStudy = homeless.bytes.subarray(0, homeless.bytes.indexOf(studyInstanceUid));
  await put(scene, 'odd/of no study.dcm', ofNoStudy);
  expected.set('odd/of no study.dcm', {
    status: 'refused',
    code: 'ORTHANC_REFUSED',
    size: ofNoStudy.length,
  });
  const broken = Buffer.from(corrupt.bytes);
  broken.fill(0xff, 140, 700);
  await put(scene, 'odd/corrupt.dcm', broken);
  expected.set('odd/corrupt.dcm', { status: 'refused', code: 'INSTANCE_NOT_DICOM', size: broken.length });
  const name = Buffer.concat([Buffer.from(join(folder, 'odd/name ')), Buffer.from([0xff, 0xe9])]);
  await writeFile(name, odd.bytes);
  expected.set('odd/name \\xff\\xe9', storedLine(odd));
  await put(scene, 'odd/back\\slash, "quoted"\nline', both.bytes);
  expected.set('odd/back\\\\slash, "quoted"\nline', storedLine(both));
}

async function addJunk(scene: GoldenScene): Promise<void> {
  const junk = (code: string, size: number): ExpectedLine => ({ status: 'not-dicom', code, size });
  const { expected, folder } = scene;
  await put(scene, 'junk/empty.dcm', '');
  expected.set('junk/empty.dcm', junk('EMPTY', 0));
  const dicomdir = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM1.2.840.10008.1.3.10\0')]);
  await put(scene, 'DICOMDIR', dicomdir);
  expected.set('DICOMDIR', junk('DICOMDIR', dicomdir.length));
  await put(scene, 'junk/report.pdf', '%PDF-1.7 nothing');
  expected.set('junk/report.pdf', junk('PDF', 16));
  await using sparse = await open(join(folder, 'junk/sparse.bin'), 'w');
  await sparse.truncate(5 * gigabyte);
  expected.set('junk/sparse.bin', junk('NOT_DICOM', 5 * gigabyte));
}

const zipOf = (members: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(members).map(([name, bytes]) => [name, new Uint8Array(bytes)])));

async function tarOf(members: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, bytes] of Object.entries(members)) tar.entry({ name }, Buffer.from(bytes));
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return gzipSync(Buffer.concat(pieces));
}

async function addArchives(scene: GoldenScene, images: readonly SyntheticInstance[]): Promise<void> {
  const [outside, inner, innermost, tarred, beforeBomb] = images;
  if (!outside || !inner || !innermost || !tarred || !beforeBomb) throw new Error('too few images');
  const { expected } = scene;
  const whole = async (
    path: string,
    bytes: Uint8Array,
    members: Readonly<Record<string, SyntheticInstance>>,
  ) => {
    await put(scene, path, bytes);
    expected.set(path, { status: 'archive', size: bytes.length });
    for (const [name, instance] of Object.entries(members))
      expected.set(`${path}!${name}`, storedLine(instance));
  };
  await whole('archives/paths.zip', zipOf({ '../../../outside.dcm': outside.bytes }), {
    '../../../outside.dcm': outside,
  });
  const nested = zipOf({ 'a/b': inner.bytes, 'c.zip': zipOf({ d: innermost.bytes }) });
  await whole('archives/nested.zip', zipOf({ 'inner.zip': nested }), {
    'inner.zip!a/b': inner,
    'inner.zip!c.zip!d': innermost,
  });
  await whole('archives/images.tar.gz', await tarOf({ 'x/y': tarred.bytes }), { 'x/y': tarred });
  await addBomb(scene, beforeBomb);
}

const bombBytes = 400 * 1024 * 1024;

/** One member that claims to be an image and inflates to a thousand times its size. */
async function addBomb(scene: GoldenScene, image: SyntheticInstance): Promise<void> {
  const deflate = createDeflateRaw();
  const packed: Buffer[] = [];
  deflate.on('data', (piece: Buffer) => packed.push(piece));
  const ended = new Promise((resolve) => deflate.once('end', resolve));
  const zeros = Buffer.alloc(1024 * 1024);
  const head = image.bytes.subarray(0, 400);
  let [crc, size] = [crc32(head), head.length];
  deflate.write(head);
  for (; size < bombBytes; size += zeros.length) {
    crc = crc32(zeros, crc);
    if (!deflate.write(zeros)) await new Promise((resolve) => deflate.once('drain', resolve));
  }
  deflate.end();
  await ended;
  const bytes = zipWith('bomb', { packed: Buffer.concat(packed), crc, size });
  await put(scene, 'archives/bomb.zip', bytes);
  const code = 'ARCHIVE_LIMIT';
  scene.expected.set('archives/bomb.zip', { status: 'archive', code, size: bytes.length });
  scene.expected.set('archives/bomb.zip!bomb', { status: 'refused', code, size });
}

/** A ZIP of one member that was deflated already (APPNOTE 4.3). */
function zipWith(name: string, member: { packed: Buffer; crc: number; size: number }): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(member.crc, 10);
  fields.writeUInt32LE(member.packed.length, 14);
  fields.writeUInt32LE(member.size, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name)]);
  const made = Buffer.from([20, 0]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    made,
    fields,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + member.packed.length, 16);
  return Buffer.concat([local, member.packed, central, end]);
}

async function addLinks({ folder, expected }: GoldenScene): Promise<void> {
  await mkdir(join(folder, 'links/deep'), { recursive: true });
  for (const [name, target] of [
    ['links/here', '.'],
    ['links/deep/up', '../..'],
    ['links/self', 'self'],
  ] as const) {
    await symlink(target, join(folder, name));
    expected.set(name, { status: 'skipped', code: 'LINK_LOOP', size: 0 });
  }
  await symlink('missing', join(folder, 'links/nowhere'));
  expected.set('links/nowhere', { status: 'vanished', code: 'VANISHED', size: 0 });
}

async function addLocked(scene: GoldenScene, images: readonly SyntheticInstance[]): Promise<void> {
  const [file, below] = images;
  if (!file || !below) throw new Error('too few images');
  const { folder, expected } = scene;
  await put(scene, 'locked/file.dcm', file.bytes);
  await chmod(join(folder, 'locked/file.dcm'), 0);
  expected.set('locked/file.dcm', { status: 'refused', code: 'FILE_UNREADABLE', size: 0 });
  await put(scene, 'locked/folder/file.dcm', below.bytes);
  await chmod(join(folder, 'locked/folder'), 0);
  expected.set('locked/folder/', { status: 'refused', code: 'FOLDER_UNREADABLE', size: 0 });
}

async function addMultiframe({ folder, expected, request }: GoldenScene): Promise<void> {
  const shape = { studies: 1, seriesPerStudy: 1, instancesPerSeries: 1, modalities: ['US'], imageSize: 256 };
  const [study] = synthesizeArchive({ seed: `long ${String(request.seed)}`, ...shape });
  const [instance] = study?.instances() ?? [];
  if (instance === undefined) throw new Error('no multiframe instance');
  const written = await writeMultiframe(join(folder, 'multiframe.dcm'), instance, request.multiframeBytes);
  expected.set('multiframe.dcm', { status: 'stored', id: instance.orthancIds().instance, ...written });
}
