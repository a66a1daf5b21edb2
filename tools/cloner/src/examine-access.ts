import { type Orthanc, type OrthancConnection, connectOrthanc } from '@orthanc-tools/orthanc-client';
import type { Failure } from '@orthanc-tools/failures';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { type Find, type Examined, type Side, expected, guarded } from './examine-finding.ts';

const flagsOf = (side: Side) => (side === 'source' ? '--source' : '--dest');

/** Why the server does not answer `GET /system`. */
export function refusedFinding(
  failure: Failure,
  { side, find, connection }: { side: Side; find: Find; connection: OrthancConnection },
): DoctorFinding {
  const flags = flagsOf(side);
  if (failure.code === 'ORTHANC_UNAUTHORIZED')
    return find('authentication', 'problem', failure.message, credentialsRemedy(connection, flags));
  const remedies: Record<string, string> = {
    ORTHANC_UNREACHABLE: 'Check the address, the firewall and whether RemoteAccessAllowed is true.',
    ORTHANC_TLS: `Give the authority with ${flags}-ca, or a client certificate (${flags}-client-cert) where the server asks for one.`,
    ORTHANC_NOT_FOUND: 'The path is wrong: give the root of the REST API, where /system answers.',
    ORTHANC_ANSWER_UNREADABLE: 'Something else than an Orthanc answers there: check the address.',
    OPTIONS_INVALID: 'Correct this option.',
  };
  const check = failure.code === 'ORTHANC_TLS' ? 'TLS' : 'answer';
  return find(check, 'problem', failure.message, remedies[failure.code] ?? 'Check the address.');
}

function credentialsRemedy({ apiKey, user, password, headers }: OrthancConnection, flags: string): string {
  if (apiKey) return `The API key is refused: check ${flags}-api-key; it must be allowed to read and write.`;
  if (user && password)
    return `User and password are refused: check ${flags}-user and ${flags}-pwd (RegisteredUsers of that Orthanc).`;
  if (user || password)
    return `A user without a password, or a password without a user, is not sent at all: give ${flags}-user and ${flags}-pwd.`;
  if (headers && Object.keys(headers).length > 0)
    return `What ${flags}-headers says is refused: check it, or give ${flags}-user and ${flags}-pwd.`;
  return `No credentials were given: give ${flags}-user and ${flags}-pwd, or ${flags}-api-key.`;
}

export function transport(
  side: Side,
  { url, tls }: { url: string; tls?: OrthancConnection['tls'] },
  find: Find,
): DoctorFinding {
  if (url.startsWith('https:'))
    return tls?.isUnchecked === true
      ? find(
          'TLS',
          'warning',
          'encrypted, but any certificate is accepted',
          `Give the authority with ${flagsOf(side)}-ca instead of ${flagsOf(side)}-insecure: somebody in between can read and change everything.`,
        )
      : find('TLS', 'ok', 'encrypted, the certificate is trusted');
  const isLocal = /^http:\/\/(localhost|127\.|\[::1\])/.test(url);
  return isLocal
    ? find('TLS', 'ok', 'not encrypted, on this machine')
    : find(
        'TLS',
        'warning',
        'not encrypted',
        'Patient data and passwords cross the network readable: use https (SslEnabled, or a proxy before Orthanc).',
      );
}

/** Asks once as a stranger: what answers without credentials answers everybody. */
export async function authenticationFinding(
  connection: OrthancConnection,
  find: Find,
): Promise<DoctorFinding> {
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

const noDicom = Buffer.from('orthanc-cloner doctor asks whether it may store. This is no DICOM file.');

/** Sends what cannot be stored: where storing is allowed, Orthanc refuses the content, otherwise the sender. */
export async function storingFinding({ orthanc, facts, find }: Examined): Promise<DoctorFinding> {
  const check = 'right to store';
  const readOnly = find(check, 'problem', 'a read-only Orthanc', 'Set ReadOnly to false.');
  if (facts.isReadOnly) return readOnly;
  try {
    await orthanc.instances.store(noDicom);
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

/** What the clone reads first; that of the source only. */
export function readingFindings({
  orthanc,
  find,
}: Pick<Examined, 'orthanc' | 'find'>): Promise<readonly DoctorFinding[]> {
  const check = 'right to read';
  return guarded(find, {
    check,
    isNeeded: true,
    examine: async () => {
      await firstStudy(orthanc);
      const last = await orthanc.changes.last();
      return [
        find(
          check,
          'ok',
          `given: studies and changes are told, ${last.toLocaleString('en-US')} changes so far`,
        ),
      ];
    },
  });
}

const firstStudy = (orthanc: Orthanc) =>
  orthanc.call({ method: 'GET', path: '/studies?since=0&limit=1', isFixedRoute: true });
