import type { Asker } from '@orthanc-tools/server-examination';

export const asker: Asker = {
  command: 'orthanc-migrator',
  name: 'the migrator',
  work: 'the migration',
};
