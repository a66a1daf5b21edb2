import { expect, it } from '@jest/globals';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { alwaysOpen } from '@orthanc-tools/scheduling';
import { sweepBelongings } from './sweep-belongings.ts';

type Sweep = Parameters<typeof sweepBelongings>[0];

/** A source that tells of no label before it was asked for protections as well. */
function openSweep(protectedOnes: () => Promise<string[]>): { sweep: Sweep; told: string[] } {
  const told: string[] = [];
  const bothAsked = Promise.withResolvers<undefined>();
  const source = {
    labels: {
      names: async () => {
        await bothAsked.promise;
        told.push('labels');
        return [];
      },
      given: async function* () {},
    },
    patients: {
      protectedOnes: async function* () {
        bothAsked.resolve(undefined);
        yield await protectedOnes();
      },
    },
  } as unknown as Orthanc;
  const sweep = {
    source,
    destination: {},
    log: { info: (event: string) => told.push(event) },
    schedule: alwaysOpen,
    signal: new AbortController().signal,
    belongings: { kinds: new Set(['labels', 'protection']), rules: { removes: false } },
  } as unknown as Sweep;
  return { sweep, told };
}

it('asks for labels and protections side by side, and nothing else first', async () => {
  const { sweep, told } = openSweep(() => Promise.resolve([]));
  await sweepBelongings(sweep);
  expect(told).toEqual(['labels', 'labels.swept']);
});

it('has ended both before it tells that one has failed', async () => {
  const { sweep, told } = openSweep(() => Promise.reject(new Error('away')));
  await expect(sweepBelongings(sweep)).rejects.toThrow('away');
  expect(told).toEqual(['labels']);
});
