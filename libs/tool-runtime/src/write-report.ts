import { open, rename, rm, stat } from 'node:fs/promises';
import { asFailure, configurationError } from '@orthanc-tools/failures';
import { joined, jsonPieces } from './json-pieces.ts';

function unwritable(path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return configurationError('REPORT_UNWRITABLE', `--report (REPORT): "${path}" cannot be written: ${why}`, {
    cause,
  });
}

const temporaryFor = (path: string) => `${path}.${String(process.pid)}.tmp`;

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

/**
 * Makes sure, before hours of work, that the report will find its place.
 * @throws configuration `REPORT_UNWRITABLE`
 */
export async function checkReportPlace(path: string): Promise<void> {
  if (await isFolder(path))
    throw configurationError(
      'REPORT_UNWRITABLE',
      `--report (REPORT): "${path}" is a folder; give a file in it.`,
    );
  const trial = temporaryFor(path);
  try {
    // What the rights say is not enough: a file system may be read-only, or make no files at all.
    await (await open(trial, 'w', 0o644)).close();
    await rm(trial);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function* pieces(report: object): Generator<string> {
  yield* jsonPieces(report);
  yield '\n';
}

/**
 * Writes the report in one piece: whoever reads the file sees all of it or none. What can be iterated
 * over is a list, and is read while it is written.
 * @throws configuration `REPORT_UNWRITABLE`
 */
export async function writeReport(path: string, report: object): Promise<void> {
  const temporary = temporaryFor(path);
  try {
    const file = await open(temporary, 'w', 0o644);
    try {
      await file.writeFile(joined(pieces(report)));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // A list that is read while it is written may have a failure of its own.
    throw asFailure(error) ?? unwritable(path, error);
  }
}
