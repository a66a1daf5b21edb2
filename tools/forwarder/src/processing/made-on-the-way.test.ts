import { describe, expect, it } from '@jest/globals';
import type { Outgoing } from '../open-route.ts';
import { madeOnTheWay } from './made-on-the-way.ts';

const file = { md5: 'm', size: 1 };

/** `from` and `to`: SOP Instance UIDs. */
const outgoing = (id: string, [from, to]: readonly [string, string], madeId = `${id} made`): Outgoing => ({
  ...{ id, seriesId: 's', studyId: 't', ...file },
  identifiers: { patientId: 'p', studyUid: '1', seriesUid: '2', sopInstanceUid: from },
  made: { id: madeId, studyId: 't', studyUid: '1', seriesUid: '2', sopInstanceUid: to, ...file },
});

const one = outgoing('a', ['1', '9']);
const same = outgoing('b', ['2', '9']);
const another = outgoing('c', ['3', '8']);

describe('what is made for a destination', () => {
  it('goes where each becomes another', () => {
    expect(madeOnTheWay().add([one, another])).toBe(true);
  });

  it('goes, where two become one, with the first only, and again when that is there', () => {
    const made = madeOnTheWay();
    expect([made.add([one]), made.add([another, same]), made.add([one])]).toEqual([true, false, true]);
    made.remove([one]);
    expect([made.add([same]), made.add([one])]).toEqual([true, false]);
  });

  it('does not go where two that are brought together become one, and leaves nothing noted', () => {
    const made = madeOnTheWay();
    expect([made.add([one, same]), made.add([same])]).toEqual([false, true]);
  });

  it('goes where two had one UID before, unless they become one with all their identifiers', () => {
    const beside = outgoing('b', ['1', '9']);
    expect(madeOnTheWay().add([one, beside])).toBe(true);
    expect(madeOnTheWay().add([one, outgoing('b', ['1', '9'], 'a made')])).toBe(false);
  });

  it('is nothing of what goes as it is', () => {
    const asItIs = { ...one, made: undefined };
    const made = madeOnTheWay();
    expect([made.add([asItIs]), made.add([same])]).toEqual([true, true]);
  });
});
