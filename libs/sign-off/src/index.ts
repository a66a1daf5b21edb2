export { eachOpenPart } from './each-open-part.ts';
export { type ItemSums, itemSums } from './item-sums.ts';
export { type SignOff, type SignOffWords, signOff } from './sign-off.ts';
export { signOffOptions } from './sign-off-options.ts';
export type { IdentityConflict, OpenPart } from './sign-off-page.ts';
export { checkPagePlace, writeSignOff } from './write-sign-off.ts';
