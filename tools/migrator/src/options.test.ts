import { expect, it } from '@jest/globals';
import { resolveOptions } from '@orthanc-tools/tool-options';
import { migratorOptions } from './options.ts';

it('the address of a destination without the peer that is to send there is refused, as Orthanc would be the destination', async () => {
  const argv = ['--url=http://a:8042', '--source-modality=old', '--dest-url=http://b:8042'];
  await expect(resolveOptions(migratorOptions, { argv, env: {} })).rejects.toMatchObject({
    kind: 'configuration',
    message: '--destination-peer (DESTINATION_PEER) is required with --dest-url (DEST_URL).',
  });
});
