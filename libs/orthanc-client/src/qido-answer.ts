import { list, plainText, record } from './json-fields.ts';
import { UnreadableAnswer } from './unreadable-answer.ts';

const sopInstanceUid = '00080018';

/** Undefined where the answer is of a study, and names no instance. */
function sopInstanceUidIn(value: unknown): string | undefined {
  const element = record(value, 'a resource of a QIDO-RS answer')[sopInstanceUid];
  if (element === undefined) return undefined;
  const [uid] = list(record(element, `element ${sopInstanceUid}`)['Value'] ?? [], '"Value"', plainText);
  return uid;
}

/** A server that holds nothing may answer without a body (204). The text is DICOM JSON (DICOM PS3.18, annex F). */
export function parseSopInstanceUids(text: unknown): string[] {
  const json = plainText(text).trim();
  if (json === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UnreadableAnswer('it is not DICOM JSON');
  }
  return list(value, 'the answer', sopInstanceUidIn).filter((uid) => uid !== undefined);
}
