export { importFolder } from './import-folder.ts';
export type { ImportOptions, ImportResult } from './import-folder.ts';
