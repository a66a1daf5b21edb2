import { expect, it } from '@jest/globals';
import { wholeContent } from './content.ts';
import { lookFirst } from './look-first.ts';
import { noteOf } from './outcome.ts';
import { type GuardedContext, storeIdentified } from './store-identified.ts';

const unreadable = Buffer.alloc(300);
unreadable.write('DICM', 128, 'latin1');

it.each([
  ['Orthanc may overwrite', { guard: undefined, lookFirst: lookFirst(false) }],
  ['patients in doubt are refused', { guard: () => undefined, lookFirst: lookFirst(true) }],
])('sends nothing of which the identifiers are not known where %s', async (_, careful) => {
  // Nothing is asked of Orthanc.
  const context = careful as unknown as GuardedContext;
  const [outcome] = await storeIdentified([wholeContent(unreadable)], context);
  expect(outcome && noteOf(outcome)).toMatchObject({ status: 'refused', code: 'IDENTIFIERS_UNREADABLE' });
});
