import { configurationError } from '@orthanc-tools/failures';
import { type MessageCharset, charsetNamed } from '@orthanc-tools/hl7-messages';
import { nameOf } from '@orthanc-tools/tool-options';

/**
 * The character set of messages that name none.
 * @throws configuration `OPTIONS_INVALID`; not the option's own check, as `--help` would pay for the tables of all character sets
 */
export function fallbackCharset(encoding: string): MessageCharset {
  const charset = charsetNamed(encoding);
  if (charset !== undefined) return charset;
  const message = `${nameOf('encoding')} must be a character set such as iso-8859-1, not "${encoding}".`;
  throw configurationError('OPTIONS_INVALID', message);
}
