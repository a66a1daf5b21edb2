import { fileURLToPath } from 'node:url';

/** The built command. */
export const commandPath = fileURLToPath(
  new URL('../../tools/populator/bin/orthanc-populator.mjs', import.meta.url),
);
