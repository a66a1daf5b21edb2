export const mask = '***';

/** Replaces what must not be shown in a text. */
export type MaskText = (text: string) => string;

// Shorter ones occur in everything: masked anywhere, they would make the log unreadable and protect nothing.
const shortestToMaskAnywhere = 4;

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function spellingsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, inJson, encodeURIComponent(secret.toWellFormed())])];
}

function patternOf(secret: string): string {
  return secret.length < shortestToMaskAnywhere
    ? `(?<![\\p{L}\\p{N}])${escaped(secret)}(?![\\p{L}\\p{N}])`
    : escaped(secret);
}

const userInUrl = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
const httpCredentials = /\b(basic|bearer|digest)\s+[\w.~+/=-]{6,}/gi;

/**
 * Masks the secrets as they are, as in JSON and as in an address; user and password within addresses; HTTP credentials.
 * A secret of up to three characters is masked only where it stands alone.
 */
export function maskSecrets(secrets: readonly string[]): MaskText {
  const patterns = secrets
    .filter((secret) => secret !== '')
    .flatMap(spellingsOf)
    // The longest first, so that no tail of it stays behind.
    .sort((a, b) => b.length - a.length)
    .map(patternOf);
  const known = patterns.length > 0 ? new RegExp(patterns.join('|'), 'gu') : undefined;
  return (text) => {
    const masked = known ? text.replace(known, mask) : text;
    return masked.replace(userInUrl, `$1${mask}@`).replace(httpCredentials, `$1 ${mask}`);
  };
}

const secretNames =
  /(password|passphrase|passwd|pwd|secret|apikey|accesskey|privatekey|token|authorization|cookie|credentials)$/;

/** Whether a field of this name holds a secret, whatever its value. */
export function isSecretName(name: string): boolean {
  return secretNames.test(name.replace(/[-_]/g, '').toLowerCase());
}
