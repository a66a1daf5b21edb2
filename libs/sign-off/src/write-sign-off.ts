import { open, rm } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import { writePage } from '@orthanc-tools/html-report';
import { nameOf } from '@orthanc-tools/tool-options';
import type { SignOff } from './sign-off.ts';
import { type PageWords, signOffPage } from './sign-off-page.ts';

/**
 * Writes the page in one piece; without a path, nothing.
 * @throws configuration `REPORT_UNWRITABLE`
 */
export async function writeSignOff(
  path: string | undefined,
  report: SignOff,
  words: PageWords,
): Promise<void> {
  if (path !== undefined) await writePage(path, signOffPage(report, words));
}

/**
 * Finds out before hours of work whether the page can be written.
 * @throws configuration `REPORT_UNWRITABLE`
 */
export async function checkPagePlace(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const trial = `${path}.${String(process.pid)}.trial`;
  try {
    await (await open(trial, 'w', 0o644)).close();
    await rm(trial);
  } catch (cause) {
    const message = `${nameOf('htmlReport')}: "${path}" cannot be written.`;
    throw configurationError('REPORT_UNWRITABLE', message, { cause });
  }
}
