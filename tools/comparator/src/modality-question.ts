import type { FoundTags } from '@orthanc-tools/orthanc-client';

type QueryLevel = 'Study' | 'Series' | 'Instance';

/** One C-FIND. */
export type Find = (
  level: QueryLevel,
  keys: Readonly<Record<string, string>>,
) => Promise<readonly FoundTags[]>;

/** What is only to be told. */
export const emptyKeys = (keywords: readonly string[]): Record<string, string> =>
  Object.fromEntries(keywords.map((keyword) => [keyword, '']));
