import { hash } from 'node:crypto';

declare const brand: unique symbol;
/** A SOP Instance UID as it stands in the file: not Orthanc's identifier of the instance. */
export type SopInstanceUid = string & { readonly [brand]: 'SopInstanceUid' };

const uidPattern = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+$/;

/** PS3.5 section 9.1: at most 64 characters, numeric components without leading zeros. */
export const isValidUid = (text: string): boolean => text.length <= 64 && uidPattern.test(text);

/** The length of every UID that `uidFromHash` makes, so that one can be written over another. */
export const derivedUidLength = 44;

/**
 * The same parts always give the same UID, `2.25.<128 bits>` (PS3.5 B.2): a UUID of version 8 whose
 * first bit is set, so that the decimal form has 39 digits whatever the parts.
 */
export const uidFromHash = (...parts: readonly (string | number)[]): string => {
  const digest = hash('sha256', JSON.stringify(parts), 'hex');
  const first = (Number.parseInt(digest.charAt(0), 16) | 0x8).toString(16);
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const uuid = `${first}${digest.slice(1, 12)}8${digest.slice(13, 16)}${variant}${digest.slice(17, 32)}`;
  return `2.25.${BigInt(`0x${uuid}`)}`;
};
