import type { Finding } from '@orthanc-tools/failures';
import { asFinding } from '@orthanc-tools/server-examination';
import type { WayLook } from './look.ts';

/** QIDO-RS, asked through the plugin of the inbox. */
export function webServerFinding({ inbox, route, find, signal }: WayLook): Promise<Finding> {
  const check = 'QIDO-RS';
  const why = 'without it nobody can tell whether it kept what it was sent.';
  return asFinding(
    async () => {
      await inbox.dicomWebServers.probe(route.target, signal);
      return find(check, 'ok', 'answered');
    },
    ({ code, message }) =>
      code === 'DESTINATION_ANSWERS_NOT_FOUND'
        ? find(check, 'warning', message, `Correct its address, or let it answer QIDO-RS: ${why}`)
        : find(
            check,
            'problem',
            message,
            `Check its address, user and certificates in DicomWeb.Servers of the inbox, and whether it runs and answers QIDO-RS: ${why}`,
          ),
  );
}
