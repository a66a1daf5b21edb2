import { expect, it } from '@jest/globals';
import type { Outgoing } from './open-route.ts';
import { type InstanceMemory, fileOf, memoryOf, provedIn } from './unit-memory.ts';

const instance: Outgoing = {
  ...{ id: 'a', studyId: 'st', seriesId: 's', size: 10, md5: undefined, fileUuid: 'u' },
  identifiers: { patientId: 'p', studyUid: '1', seriesUid: '1.1', sopInstanceUid: '1.1.1' },
};
const memory: InstanceMemory = { before: 'absent', isSent: true, proof: 'id', ...fileOf(instance) };

/** As a ledger gives it back. */
const noted = {
  instances: new Map([['a', JSON.parse(JSON.stringify(memory)) as InstanceMemory]]),
  job: undefined,
};

it('remembers nothing of a file of the same length that took the place of one without MD5', () => {
  expect(memoryOf(instance, noted)).toEqual(noted.instances.get('a'));
  expect(memoryOf({ ...instance, fileUuid: 'v' }, noted)).toBeUndefined();
  expect(provedIn(noted, undefined).get('a')).toEqual({
    proof: 'id',
    md5: undefined,
    size: 10,
    fileUuid: 'u',
  });
});
