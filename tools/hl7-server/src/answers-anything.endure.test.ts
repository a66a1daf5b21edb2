import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  acknowledge,
  charsetNamed,
  parseMessage,
  readHeader,
  firstLineOf,
  splitFrame,
} from '@orthanc-tools/hl7-messages';
import process from 'node:process';
import v8 from 'node:v8';
import vm from 'node:vm';
import { asFailure } from '@orthanc-tools/failures';
import { orderText } from '../test/order-message.ts';
import { builtInProfiles } from './built-in-profiles.ts';
import { planMessage } from './plan-message.ts';
import { composeProfile } from './profile.ts';

/** `FUZZ_MINUTES=1 npm run endure -- hl7-server` is a shorter try. */
const minutes = Number(process.env['FUZZ_MINUTES'] ?? 10);
const fuzzMs = minutes * 60_000;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;
/** What is alive, in bytes. */
function liveBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
const profile = composeProfile([builtInProfiles['default'] ?? {}]);
const fallback = charsetNamed('iso-8859-1');

/** An order of which bytes were changed, left out and put in. */
const damaged = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 2 }), fc.nat(255)), { maxLength: 12 }),
    fc.boolean(),
  )
  .map(([changes, isBatch]) => {
    const bytes = [...Buffer.from(isBatch ? `${orderText()}\r${orderText()}` : orderText())];
    for (const [place, kind, byte] of changes)
      bytes.splice(place % bytes.length, kind === 0 ? 0 : 1, ...(kind === 2 ? [] : [byte]));
    return Buffer.from(bytes);
  });

/** What happens to the bytes of a frame before anything is stored; every failure that it may have is one that is answered. */
function read(frame: Buffer): void {
  if (fallback === undefined) throw new Error('known');
  for (const bytes of splitFrame(frame).messages) {
    try {
      const message = parseMessage(bytes, fallback);
      planMessage(message, {
        profile,
        now: new Date(0),
        settings: {
          ...{ onCompleted: 'delete', onInProgress: 'keep', onHold: 'hide', withoutControl: 'schedule' },
          ...{
            longIdentifiers: 'hash',
            withoutModality: 'default',
            withoutStart: 'now',
            convertOffsets: true,
          },
        },
      });
    } catch (error) {
      if (asFailure(error)?.code.startsWith('HL7_') !== true) throw error;
    }
    try {
      acknowledge({ header: readHeader(firstLineOf(bytes)), code: 'AE', controlId: '1', at: new Date(0) });
    } catch (error) {
      if (asFailure(error)?.code.startsWith('HL7_') !== true) throw error;
    }
  }
}

it(
  `has an answer to whatever comes, for ${String(minutes)} minutes, without growing`,
  () => {
    const began = performance.now();
    let early: { readonly heap: number; readonly rss: number } | undefined;
    while (performance.now() - began < fuzzMs) {
      fc.assert(
        fc.property(
          fc.oneof(
            damaged,
            fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
          ),
          read,
        ),
        { numRuns: 2000 },
      );
      if (performance.now() - began > fuzzMs / 4)
        early ??= { heap: liveBytes(), rss: process.memoryUsage.rss() };
    }
    const [heap, rss] = [liveBytes(), process.memoryUsage.rss()];
    expect(heap - (early?.heap ?? 0)).toBeLessThan(8 * 1024 * 1024);
    expect(rss).toBeLessThan((early?.rss ?? 0) * 1.5);
  },
  fuzzMs + 60_000,
);
