import { appendFileSync, closeSync, openSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { DescribedStudy } from './study-context.ts';

/**
 * The file of the Python tool: one line per study that was set aside, appended. It holds patient data, so that only its
 * owner may read a file that is made here.
 */
export function openErrorLog(path: string): (study: DescribedStudy) => void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    throw configurationError('REPORT_UNWRITABLE', `${nameOf('errorLogPath')}: "${path}" cannot be written.`, {
      cause,
    });
  }
  return ({ date, studyInstanceUid, patientId, patientName, description }) => {
    const fields = [date, studyInstanceUid, patientId, patientName, description];
    appendFileSync(path, `${fields.map(asField).join(';')}\n`);
  };
}

/** The format knows no quotes: what would end a field or a line is written as a blank. */
const asField = (text: string): string => text.replaceAll(/[;\r\n]/g, ' ');
