import type { Finding } from '@orthanc-tools/failures';
import { connectOrthanc } from '@orthanc-tools/orthanc-client';
import type { Check, Examined } from './examine-server.ts';
import { digits, expected } from './finding.ts';
import { isLoopback } from './loopback.ts';

export const answer: Check = {
  name: 'answer',
  look: ({ orthanc, find }) => find('answer', 'ok', `at ${orthanc.url}`),
};

export const transport: Check = {
  name: 'TLS',
  look({ connection: { url, tls }, flags, find }) {
    if (url.startsWith('https:'))
      return tls?.isUnchecked === true
        ? find(
            'TLS',
            'warning',
            'encrypted, but any certificate is accepted',
            `Give the authority with ${flags}-ca instead of ${flags}-insecure: somebody in between can read and change everything.`,
          )
        : find('TLS', 'ok', 'encrypted, the certificate is trusted');
    return isLoopback(new URL(url).hostname)
      ? find('TLS', 'ok', 'not encrypted, on this machine')
      : find(
          'TLS',
          'warning',
          'not encrypted',
          'Patient data and passwords cross the network readable: use https (SslEnabled, or a proxy before Orthanc).',
        );
  },
};

/** Asks once as a stranger: what answers without credentials answers everybody. */
export const authentication: Check = { name: 'authentication', look: lookAsStranger };

async function lookAsStranger({ connection, find }: Examined): Promise<Finding> {
  const { user, password, apiKey, headers, tls, ...address } = connection;
  const { certificate, key, passphrase, ...trust } = tls ?? {};
  await using stranger = connectOrthanc({ ...address, tls: trust });
  try {
    await stranger.system();
  } catch (error) {
    const failure = expected(error);
    // Without the certificate each server refuses in its own way: an alert, a reset, an answer 400.
    if (failure.code === 'ORTHANC_UNAUTHORIZED' || certificate !== undefined)
      return find('authentication', 'ok', 'asked for, and what was given is accepted');
    return find(
      'authentication',
      'unknown',
      `Without credentials: ${failure.message}`,
      `Look by hand: curl -i ${stranger.url}system must be answered with 401.`,
    );
  }
  const isGiven = [user, password, apiKey, key, passphrase].some(Boolean) || headers !== undefined;
  return find(
    'authentication',
    'warning',
    isGiven ? 'off: what was given is not even looked at' : 'off: it answers without any credentials',
    'Set AuthenticationEnabled to true and RegisteredUsers, or let a proxy before it ask: whoever reaches this address can read and delete everything.',
  );
}

/** Sends what cannot be stored: where storing is allowed, Orthanc refuses the content, otherwise the sender. */
export const rightToStore: Check = { name: 'right to store', look: tryToStore };

async function tryToStore({ orthanc, facts, find, asker }: Examined): Promise<Finding> {
  const check = 'right to store';
  const readOnly = find(check, 'problem', 'a read-only Orthanc', 'Set ReadOnly to false.');
  if (facts.isReadOnly) return readOnly;
  const question = `${asker.command} doctor asks whether it may store. This is no DICOM file.`;
  try {
    await orthanc.instances.store(Buffer.from(question));
  } catch (error) {
    const { code, message, facts: told } = expected(error);
    if (code === 'INSTANCE_NOT_DICOM') return find(check, 'ok', 'given: POST /instances is allowed');
    if (code === 'ORTHANC_UNAUTHORIZED')
      return find(
        check,
        'problem',
        message,
        'Allow this user POST /instances (and POST on the DICOMweb plugin).',
      );
    if (told['status'] === 405) return readOnly;
    if (code === 'ORTHANC_STORAGE_FULL') return find(check, 'problem', message, 'Make room on its disk.');
    return find(check, 'unknown', message, 'Look whether anything between stops POST /instances.');
  }
  return find(
    check,
    'unknown',
    'POST /instances accepts what is no DICOM file',
    'Something other than Orthanc answers POST /instances: look at its plugins and at what stands before it.',
  );
}

/** What a tool that follows an Orthanc reads first. */
export const rightToRead: Check = {
  name: 'right to read',
  isNeeded: true,
  async look({ orthanc, find }) {
    await orthanc.call({ method: 'GET', path: '/studies?since=0&limit=1', isFixedRoute: true });
    const last = await orthanc.changes.last();
    const found = `given: studies and changes are told, ${digits(last)} changes so far`;
    return find('right to read', 'ok', found);
  },
};
