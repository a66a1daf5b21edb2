import { join } from 'node:path';

/** Where the journal lies: where the user says, otherwise in the state folder. */
export const journalPlace = (path: string | undefined, stateFolder: string): string =>
  path ?? join(stateFolder, 'hl7-server.sqlite');
