export type { Fault } from './check-shape.ts';
export { openSettingsFile } from './open-settings-file.ts';
export type { SettingsFile } from './open-settings-file.ts';
export type { Path } from './written-file.ts';
