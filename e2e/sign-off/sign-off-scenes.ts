import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArchiveRequest,
  synthesizeArchive,
  syntheticPatientNames,
} from '@orthanc-tools/dicom-synthesis';
import { openTestbed, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { builtTool, startCommand } from '../command/running-command.ts';

export interface SignOffScene extends AsyncDisposable {
  readonly folder: string;
  readonly page: string;
  /** What the JSON report holds beside it. */
  readonly report: { readonly exitCode: number; readonly signOff: Readonly<Record<string, unknown>> };
  readonly patientNames: readonly string[];
}

const archive: ArchiveRequest = {
  seed: 'sign-off',
  studies: 12,
  seriesPerStudy: 1,
  instancesPerSeries: 3,
  imageSize: 8,
  modalities: ['CT'],
};

/** Clones into an Orthanc that holds other pixels under the identifiers of one image. */
export async function openCloneScene(): Promise<SignOffScene> {
  await using opening = new AsyncDisposableStack();
  const testbed = await openTestbed({ provider: 'native' });
  const source = opening.use(await testbed.startOrthanc({ name: 'orthanc-a' }));
  const destination = opening.use(await testbed.startOrthanc({ name: 'orthanc-b' }));
  await seedOrthanc(source, filesOf(archive));
  await seedOrthanc(destination, filesOf({ ...archive, imageSize: 16 }).slice(0, 1));
  const ends = [`--source-url=${source.url}`, `--dest-url=${destination.url}`, '--existing-changes-only'];
  return await run('cloner', ends, opening.move());
}

/** Imports a folder in which are a text, and a file that ends in its middle. */
export async function openImportScene(): Promise<SignOffScene> {
  await using opening = new AsyncDisposableStack();
  const testbed = await openTestbed({ provider: 'native' });
  const orthanc = opening.use(await testbed.startOrthanc({ name: 'orthanc-b' }));
  const folder = await mkdtemp(join(tmpdir(), 'sign-off-import-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'scans'));
  const files = filesOf(archive);
  for (const [at, bytes] of files.entries())
    await writeFile(
      join(folder, 'scans', `${String(at + 1)}.dcm`),
      at === 4 ? bytes.subarray(0, 400) : bytes,
    );
  await writeFile(join(folder, 'read-me.txt'), 'Not an image.');
  return await run('importer', [`--folder-path=${folder}`, `--url=${orthanc.url}`], opening.move());
}

const filesOf = (request: ArchiveRequest): Uint8Array[] =>
  [...synthesizeArchive(request)].flatMap((study) => [...study.instances()].map(({ bytes }) => bytes));

async function run(
  tool: string,
  ends: readonly string[],
  stack: AsyncDisposableStack,
): Promise<SignOffScene> {
  await using opening = stack.move();
  const folder = await mkdtemp(join(tmpdir(), `${tool}-sign-off-`));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const page = join(folder, 'sign-off.html');
  const report = join(folder, 'report.json');
  const records = [`--html-report=${page}`, `--report=${report}`, `--ledger-path=${join(folder, 'ledger')}`];
  await using command = startCommand(builtTool(tool), [...ends, ...records]);
  const { exitCode, stderr } = await command.ended;
  if (exitCode !== 3) throw new Error(`The ${tool} ended with ${String(exitCode)}: ${stderr}`);
  const rest = opening.move();
  return {
    ...{ folder, page },
    report: JSON.parse(await readFile(report, 'utf8')) as SignOffScene['report'],
    patientNames: [...syntheticPatientNames(archive)],
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}
