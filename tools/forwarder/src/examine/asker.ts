import type { Asker } from '@orthanc-tools/server-examination';

export const asker: Asker = {
  command: 'orthanc-forwarder',
  name: 'the forwarder',
  work: 'the forwarding',
};
