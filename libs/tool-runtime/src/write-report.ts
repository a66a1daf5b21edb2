import { constants } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';

function unwritable(path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return configurationError('REPORT_UNWRITABLE', `--report (REPORT): "${path}" cannot be written: ${why}`, {
    cause,
  });
}

/**
 * Makes sure, before hours of work, that the report will find its place.
 * @throws configuration `REPORT_UNWRITABLE`
 */
export async function checkReportPlace(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Writes the report in one piece: whoever reads the file sees all of it or none.
 * @throws configuration `REPORT_UNWRITABLE`
 */
export async function writeReport(path: string, report: object): Promise<void> {
  const temporary = `${path}.${String(process.pid)}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o644);
    try {
      await file.writeFile(`${JSON.stringify(report, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(path, error);
  }
}
