export { migrateStudies } from './migrate-studies.ts';
export type { MigrateOptions, MigrateResult } from './migrate-studies.ts';
