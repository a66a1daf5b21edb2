// Tables of data are a third of some bundles. Of each, what is read here is bundled, and nothing else.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Loader, Metafile, Plugin } from 'esbuild';

interface MimeType {
  readonly source?: string;
  readonly charset?: string;
  readonly extensions?: readonly string[];
}

interface DictionaryEntry {
  readonly tag: string;
  readonly vr: string;
  readonly name: string;
  readonly vm: string;
  readonly version?: string;
}

/** Others are private, or stand for a range of tags: nobody looks them up by keyword. */
const plainTag = /^\([0-9A-F]{4},[0-9A-F]{4}\)$/i;

/** The same module with one line of text per attribute, read when it is imported. */
async function leanDictionary(path: string): Promise<string> {
  const { dictionary } = (await import(pathToFileURL(path).href)) as {
    dictionary: Readonly<Record<string, DictionaryEntry>>;
  };
  const lines = Object.values(dictionary)
    .filter(({ tag }) => plainTag.test(tag))
    .map(({ tag, vr, name, vm, version }) =>
      [tag, vr, name, vm, ...(version === undefined ? [] : [version])].join('|'),
    );
  return `const lines = ${JSON.stringify(lines.join('\n'))}.split('\\n');
export const dictionary = Object.fromEntries(
  lines.map((line) => line.split('|')).map(([tag, vr, name, vm, version]) => [tag, { tag, vr, name, vm, version }]),
);`;
}

/** Types of files by their endings: a type without ending or character set is never looked up. */
function leanMimeTypes(path: string): string {
  const types = createRequire(import.meta.url)(path) as Readonly<Record<string, MimeType>>;
  const kept = Object.entries(types).flatMap(([type, { source, charset, extensions }]) =>
    extensions === undefined && charset === undefined
      ? []
      : [[type, { source, charset, extensions }] as const],
  );
  return JSON.stringify(Object.fromEntries(kept));
}

interface Table {
  readonly path: RegExp;
  readonly loader: Loader;
  lean(path: string): string | Promise<string>;
}

const tables: readonly Table[] = [
  { path: /dcmjs\/generate\/dictionary\.mjs$/, loader: 'js', lean: leanDictionary },
  { path: /mime-db\/db\.json$/, loader: 'json', lean: leanMimeTypes },
];

/** HL7 has Big5 (table 0211), DICOM has not (PS3.3, C.12.1.1.2). */
const big5: Table = {
  path: /iconv-lite\/encodings\/tables\/(cp950|big5-added)\.json$/,
  loader: 'json',
  lean: () => '[]',
};

const readsHl7 = ({ inputs }: Metafile): boolean =>
  Object.keys(inputs).some((path) => path.includes('libs/hl7-messages/'));

/** @param first what a build before has told of itself: what nobody there can ask for is left out */
export const leanTables = (first?: Metafile): Plugin => ({
  name: 'lean-tables',
  setup(build) {
    const leaned = first === undefined || readsHl7(first) ? tables : [...tables, big5];
    for (const { path, loader, lean } of leaned)
      build.onLoad({ filter: path }, async (found) => ({ contents: await lean(found.path), loader }));
  },
});
