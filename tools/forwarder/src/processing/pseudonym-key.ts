import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';

const keyLength = 32;

/**
 * The key from which pseudonyms derive, in hexadecimal digits; made once. Whoever loses it gives other pseudonyms from
 * then on; whoever has it can tell whether a known person is meant by one.
 */
export function openPseudonymKey(path: string): Uint8Array {
  try {
    return makeKey(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, error);
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (key.length === keyLength) return key;
  throw unusable(path, new Error('not of the expected length'));
}

function makeKey(path: string): Uint8Array {
  const key = randomBytes(keyLength);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${key.toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return key;
}

const unusable = (path: string, cause: unknown) =>
  configurationError(
    'PSEUDONYM_KEY_UNUSABLE',
    `The file "${path}" cannot be used: it must hold the key for pseudonyms, ${String(keyLength * 2)} hexadecimal digits, and lie where files can be made.`,
    { cause },
  );
