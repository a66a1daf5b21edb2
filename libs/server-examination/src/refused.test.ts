import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { expected, finderFor } from './finding.ts';
import { refusedFindings } from './refused.ts';

const remedyAt = (url: string): string | undefined =>
  refusedFindings(expected(transientFailure('ORTHANC_UNREACHABLE', 'Nobody listens.')), {
    flags: '--source',
    find: finderFor('source'),
    connection: { url },
  })[0]?.remedy;

describe('the remedy for a server that cannot be reached', () => {
  it.each(['http://127.0.0.1:8042', 'http://localhost:8042/orthanc', 'http://[::1]:8042'])(
    'says at %s what that is inside a container',
    (url) => {
      expect(remedyAt(url)).toContain('Inside a container this address is the container itself');
    },
  );

  it.each(['http://orthanc-a:8042', 'http://localhost.example:8042'])('does not at %s', (url) => {
    expect(remedyAt(url)).toBe('Check the address, the firewall and whether RemoteAccessAllowed is true.');
  });
});
