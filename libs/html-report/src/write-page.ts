import { open, rename, rm } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import { renderPage } from './render-page.ts';
import type { ReportPage } from './report-page.ts';

const flushAt = 256 * 1024;

/**
 * Writes the page in one piece: whoever opens the file sees all of it or none.
 * @throws configuration `REPORT_UNWRITABLE`
 */
export async function writePage(path: string, page: ReportPage): Promise<void> {
  const temporary = `${path}.${String(process.pid)}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o644);
    try {
      let pieces = '';
      for await (const piece of renderPage(page)) {
        pieces += piece;
        if (pieces.length < flushAt) continue;
        await file.writeFile(pieces);
        pieces = '';
      }
      await file.writeFile(pieces);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    if (!isOfFileSystem(cause)) throw cause;
    throw configurationError('REPORT_UNWRITABLE', `"${path}" cannot be written: ${cause.message}`, { cause });
  }
}

/** What fails while rows are read is somebody else's failure. */
const isOfFileSystem = (error: unknown): error is { readonly message: string } =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'message' in error;
