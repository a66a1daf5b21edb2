export { oneOf, toggle } from './choice-options.ts';
export { completeOptions } from './complete-options.ts';
export { declareOptions } from './declare-options.ts';
export { formatDuration } from './duration.ts';
export { effectiveOptions, secretsIn } from './effective-options.ts';
export { headerList, textList } from './list-options.ts';
export { makeFolder } from './make-folder.ts';
export { count, duration } from './number-options.ts';
export type {
  GivenOptions,
  OptionEntry,
  OptionTable,
  OptionsOf,
  RelaxedOptionsOf,
  Writing,
} from './option-entry.ts';
export { renderHelp } from './render-help.ts';
export { renderOptionTable } from './render-option-table.ts';
export { resolveOptions } from './resolve-options.ts';
export type { Origin, Resolved } from './resolve-options.ts';
export { parseSize } from './size.ts';
export { nameOf } from './spellings.ts';
export { configFile, filePath, secret, text } from './text-options.ts';
export { url } from './url-option.ts';
export { withoutOptions } from './without-options.ts';
