import type { Tags } from './attributes.ts';

/** Empty where none is told. */
export const uidIn = (tags: Tags, keyword: string): string => tags[keyword]?.trim() ?? '';
