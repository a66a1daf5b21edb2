import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '@orthanc-tools/work-ledger';
import type { ForwardContext } from './forward-units.ts';
import type { There } from './judge-instance.ts';
import { look } from './look-at-remote.ts';
import type { Outgoing } from './open-route.ts';
import { type InstanceMemory, readMemory, rememberInstances } from './unit-memory.ts';

const identifiers = { patientId: 'p', studyUid: '1', seriesUid: '2', sopInstanceUid: '3' };
const instance: Outgoing = { id: 'a', seriesId: 's', studyId: 'u', size: 10, md5: 'aa', identifiers };
const file = { md5: 'aa', size: 10 };

/** What one look after the other says of an instance of which so much is remembered. */
async function lookAt(memory: InstanceMemory, answers: readonly There['is'][]): Promise<string[]> {
  using ledger = openLedger(join(mkdtempSync(join(tmpdir(), 'look-')), 'l.sqlite'));
  ledger.enqueue([{ key: 'u' }]);
  rememberInstances(ledger, [['u', [['a', memory]]]]);
  const said: string[] = [];
  for (const is of answers) {
    const route = { ask: () => Promise.resolve(new Map([['a', { is }]])) };
    const context = { ledger, route, verify: 'image', ordered: undefined } as unknown as ForwardContext;
    const judged = (await look([{ key: 'u', instances: [instance] }], context)).get('u') ?? [];
    said.push(...judged.map(({ judgement }) => judgement.is));
    said.push(readMemory(ledger, 'u').instances.get('a')?.before ?? '');
  }
  return said;
}

describe('an instance that may have been sent', () => {
  const begun: InstanceMemory = { before: 'absent', isSent: false, isBegun: true, ...file };

  it('is proved by what is there', async () => {
    expect(await lookAt(begun, ['held'])).toEqual(['proved', 'absent']);
  });

  it('is proved by what comes later where nobody knows how the job ended', async () => {
    expect(await lookAt(begun, ['absent', 'held'])).toEqual(['to send', 'absent', 'proved', 'absent']);
  });

  it('was not, where it was not there after the job had failed, and is not proved by what comes later', async () => {
    const failed: InstanceMemory = { ...begun, isFailed: true };
    expect(await lookAt(failed, ['held'])).toEqual(['proved', 'absent']);
    const said = ['to send', 'absent', 'to send', 'held'];
    expect(await lookAt(failed, ['absent', 'held'])).toEqual(said);
  });

  it('is proved by what comes later where the sending has succeeded', async () => {
    const sent: InstanceMemory = { before: 'absent', isSent: true, ...file };
    expect(await lookAt(sent, ['absent', 'held'])).toEqual(['lost', 'absent', 'proved', 'absent']);
    expect(await lookAt({ ...sent, isBegun: true }, ['absent', 'held'])).toEqual([
      'lost',
      'absent',
      'proved',
      'absent',
    ]);
  });
});
