import { declareEntry, lastOf } from './declare-entry.ts';
import type {
  Demanded,
  OptionEntry,
  OptionKind,
  OptionNature,
  OptionSettings,
  Present,
} from './option-entry.ts';

export type TextSettings = OptionSettings<string>;
type TextEntry<Settings> = OptionEntry<Present<Settings, string>, Demanded<Settings>>;

function textNature(kind: OptionKind, placeholder: string): OptionNature<string> {
  return { kind, placeholder, parse: (texts) => ({ value: lastOf(texts) }), format: (value) => value };
}

/** Any text, taken as it is. */
export function text<const Settings extends TextSettings>(settings: Settings): TextEntry<Settings> {
  return declareEntry<string, string, Settings>(textNature('text', 'TEXT'), settings);
}

/** A text that no output shows. Also read from the file that `<VARIABLE>_FILE` or `--<flag>-file` names, without its last line end. */
export function secret<const Settings extends TextSettings>(settings: Settings): TextEntry<Settings> {
  return declareEntry<string, string, Settings>(
    { ...textNature('secret', 'SECRET'), format: () => '***' },
    settings,
  );
}

/** The path of a file or folder; whether it exists is for the tool to find out. */
export function filePath<const Settings extends TextSettings>(settings: Settings): TextEntry<Settings> {
  return declareEntry<string, string, Settings>(textNature('filePath', 'PATH'), settings);
}

/** The option that names the file (YAML or JSON) from which further options are read; at most one in a table. */
export function configFile<const Settings extends TextSettings>(settings: Settings): TextEntry<Settings> {
  return declareEntry<string, string, Settings>(textNature('configFile', 'FILE'), settings);
}
