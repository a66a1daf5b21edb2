import type { Failure, Finding } from '@orthanc-tools/failures';
import type { OrthancConnection } from '@orthanc-tools/orthanc-client';
import type { Find } from './finding.ts';
import { isLoopback } from './loopback.ts';

interface Refused {
  readonly flags: string;
  readonly find: Find;
  readonly connection: OrthancConnection;
}

/** Why the server does not answer `GET /system`, and that nothing else was looked at. */
export function refusedFindings(failure: Failure, refused: Refused): Finding[] {
  return [
    refusedFinding(failure, refused),
    refused.find('all else', 'unknown', 'not looked at', 'Correct the above, then ask again.'),
  ];
}

function refusedFinding(failure: Failure, { find, flags, connection }: Refused): Finding {
  if (failure.code === 'ORTHANC_UNAUTHORIZED')
    return find('authentication', 'problem', failure.message, credentialsRemedy(connection, flags));
  if (failure.code === 'ORTHANC_UNREACHABLE')
    return find('answer', 'problem', failure.message, unreachableRemedy(connection));
  const remedies: Record<string, string> = {
    ORTHANC_TLS: `Give the authority with ${flags}-ca, or a client certificate (${flags}-client-cert) where the server asks for one.`,
    ORTHANC_NOT_FOUND: 'The path is wrong: give the root of the REST API, where /system answers.',
    ORTHANC_ANSWER_UNREADABLE: 'Something else than an Orthanc answers there: check the address.',
    OPTIONS_INVALID: 'Correct this option.',
  };
  const check = failure.code === 'ORTHANC_TLS' ? 'TLS' : 'answer';
  return find(check, 'problem', failure.message, remedies[failure.code] ?? 'Check the address.');
}

const unreachableRemedy = ({ url }: OrthancConnection): string =>
  isLoopback(new URL(url).hostname)
    ? 'Check the port, and whether that Orthanc runs on this machine. Inside a container this address is the container itself: give the name of the container of Orthanc, or the address of its machine.'
    : 'Check the address, the firewall and whether RemoteAccessAllowed is true.';

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
