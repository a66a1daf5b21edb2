import { describe, expect, it } from '@jest/globals';
import type { HeldCopy, Witness } from '@orthanc-tools/copy-proof';
import type { Outgoing } from '../open-route.ts';
import { askWitness } from './ask-witness.ts';

const identifiers = { patientId: 'p', studyUid: '1', seriesUid: '2', sopInstanceUid: '3' };
const ours: Outgoing = { id: 'ours', seriesId: 's', studyId: 't', size: 10, md5: undefined, identifiers };
const withMd5: Outgoing = { ...ours, md5: 'aa' };

async function toldOf(instance: Outgoing, copies: readonly HeldCopy[]) {
  const witness: Pick<Witness, 'held'> = { held: () => Promise.resolve(new Map([['3', copies]])) };
  const there = await askWitness(witness as Witness, [instance], new AbortController().signal);
  return there.get(instance.id);
}

const another: HeldCopy = { id: 'of another patient', size: 10 };
const isHeld = { is: 'held', md5: undefined, size: 10 };

describe('an instance of which an Orthanc holds a copy under the same UIDs', () => {
  it.each([
    ['of another patient, and keeps no MD5', ours, [another], { is: 'absent' }],
    ['of another patient, and only the inbox keeps MD5s', withMd5, [another], { is: 'absent' }],
    ['of another patient, and only it keeps MD5s', ours, [{ ...another, md5: 'aa' }], { is: 'absent' }],
    [
      'of another patient, with another MD5',
      withMd5,
      [{ ...another, md5: 'bb' }],
      { is: 'held', md5: 'bb', size: 10 },
    ],
    ['and keeps no MD5', ours, [{ id: 'ours', size: 10 }], isHeld],
    ['of another patient beside it', ours, [another, { id: 'ours', size: 10 }], isHeld],
    [
      'of another patient beside the one with its bytes',
      withMd5,
      [another, { id: 'ours', md5: 'aa', size: 10 }],
      { is: 'held', md5: 'aa', size: 10 },
    ],
    ['without a file', ours, [{ id: 'ours', isWithoutFile: true }], { is: 'absent' }],
    ['and says no more than that', ours, [{}], { is: 'held' }],
  ] as const)('%s', async (_, instance, copies, told) => {
    expect(await toldOf(instance, copies)).toEqual(told);
  });

  it('is looked for by the identifier of what was made of it', async () => {
    const made = {
      id: 'made',
      studyId: 't2',
      studyUid: '1',
      seriesUid: '2',
      sopInstanceUid: '3',
      md5: 'cc',
      size: 10,
    };
    expect(await toldOf({ ...ours, made }, [{ id: 'made', size: 10 }])).toEqual(isHeld);
    expect(await toldOf({ ...ours, made }, [{ id: 'ours', size: 10 }])).toEqual({ is: 'absent' });
  });
});
