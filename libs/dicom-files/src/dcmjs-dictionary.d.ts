declare module 'dcmjs/dictionary' {
  interface DictionaryEntry {
    readonly tag: string;
    readonly vr: string;
    readonly name: string;
    readonly vm: string;
    readonly version?: string;
  }
  export const dictionary: Readonly<Record<string, DictionaryEntry>>;
}
