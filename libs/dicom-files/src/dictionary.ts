// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- other packages compile this source too and must see the declaration
/// <reference path="./dcmjs-dictionary.d.ts" />
import type { Tag } from './data-set.ts';

export interface AttributeDefinition {
  readonly keyword: string;
  readonly tag: Tag;
  /** `US or SS` and the like are settled by `toDataSet`. */
  readonly vr: string;
}

/** What PS3.6 says of a keyword; undefined for a keyword that it does not have. */
export type DicomDictionary = (keyword: string) => AttributeDefinition | undefined;

/** The keyword of a tag, where PS3.6 has one. */
export type KeywordOf = (tag: Tag) => string | undefined;

const plainTag = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/i;
const excluded = new Set(['PRIVATE', 'PrivateTag', 'ILLEGAL', 'GENERIC']);

// dcmjs' own shorthand for attributes whose VR depends on others.
const severalVrs: Readonly<Record<string, string>> = {
  xs: 'US or SS',
  ox: 'OB or OW',
  lt: 'US or OW',
  up: 'UL',
};

let loading: Promise<ReadonlyMap<string, AttributeDefinition>> | undefined;

const readDictionary = async (): Promise<ReadonlyMap<string, AttributeDefinition>> => {
  const { dictionary } = await import('dcmjs/dictionary');
  const byKeyword = new Map<string, AttributeDefinition>();
  for (const { tag, vr, name, version } of Object.values(dictionary)) {
    const match = plainTag.exec(tag);
    if (match === null || vr === 'na' || excluded.has(version ?? '') || byKeyword.has(name)) continue;
    byKeyword.set(name, {
      keyword: name,
      tag: Number.parseInt(`${match[1]}${match[2]}`, 16),
      vr: severalVrs[vr] ?? vr,
    });
  }
  return byKeyword;
};

const everyDefinition = () => (loading ??= readDictionary());

/** dcmjs' dictionary, read once and only on demand: it costs 50 ms and some megabytes. */
export const loadDictionary = async (): Promise<DicomDictionary> => {
  const byKeyword = await everyDefinition();
  return (keyword) => byKeyword.get(keyword);
};

/** The same the other way round. */
export const loadKeywords = async (): Promise<KeywordOf> => {
  const definitions = (await everyDefinition()).values();
  const byTag = new Map([...definitions].map(({ tag, keyword }) => [tag, keyword]));
  return (tag) => byTag.get(tag);
};
