import { describe, expect, it } from '@jest/globals';
import { permanentFailure } from '@orthanc-tools/failures';
import { labelGate } from './label-gate.ts';

/** Lets all go on that can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the gate of labels', () => {
  it('lets the first image of a study pass alone, and the others side by side once it has its labels', async () => {
    const told: string[] = [];
    let isThere = false;
    const put = () => {
      told.push(isThere ? 'label' : 'try to label');
      return isThere
        ? Promise.resolve()
        : Promise.reject(permanentFailure('ORTHANC_NOT_FOUND', 'There is no such study.'));
    };
    const gate = labelGate({ labels: { put } }, ['A']);
    const answers = [1, 2, 3].map(() => Promise.withResolvers<undefined>());
    const storing = answers.map(({ promise }, at) =>
      gate.store('study', async () => {
        told.push(`send ${String(at)}`);
        await promise;
        isThere = true;
        return { id: String(at), status: 'Success', studyId: 'study' };
      }),
    );
    await settle();
    expect(told).toEqual(['try to label', 'send 0']);
    answers[0]?.resolve(undefined);
    await settle();
    expect(told).toEqual(['try to label', 'send 0', 'label', 'send 1', 'send 2']);
    for (const { resolve } of answers) resolve(undefined);
    expect((await Promise.all(storing)).map((receipt) => receipt?.id)).toEqual(['0', '1', '2']);
  });
});
