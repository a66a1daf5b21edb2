export type { FoundStudy } from './found-study.ts';
export { knownCap } from './known-cap.ts';
export type { KnownCap } from './known-cap.ts';
export { searchSlices } from './search-slices.ts';
export type { Slice, SliceSearch } from './search-slices.ts';
export { searchStudies, usualModalities } from './search-studies.ts';
export type { Search, Told } from './search-studies.ts';
export { nameOfSpan, spanOf, undated } from './span.ts';
export type { Order, Span } from './span.ts';
