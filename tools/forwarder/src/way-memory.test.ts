import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '@orthanc-tools/work-ledger';
import { readMemory, rememberInstances, rememberJobs } from './unit-memory.ts';
import { memoryOfWay } from './way-memory.ts';

const known = (before: 'absent' | 'held') => ({ before, isSent: true, md5: 'm', size: 1 });

describe('what is known of instances', () => {
  it('is known for each way by itself', () => {
    using ledger = openLedger(join(mkdtempSync(join(tmpdir(), 'ways-')), 'l.sqlite'));
    ledger.enqueue([{ key: 'u' }]);
    const route = { mode: 'peering', target: 'b', connection: { url: 'http://b/' } } as const;
    const first = memoryOfWay(ledger, { mode: 'dicom', target: 'b' });
    const alternate = memoryOfWay(ledger, route);
    const both = [
      ['a', known('absent')],
      ['b', known('absent')],
    ] as const;
    rememberInstances(first, [['u', both]]);
    rememberInstances(alternate, [['u', [['a', known('held')]]]]);
    rememberJobs(alternate, [['u', { id: 'j', instances: ['a'] }]]);
    expect(readMemory(first, 'u').job).toBeUndefined();
    expect([...readMemory(first, 'u').instances.values()].map(({ before }) => before)).toEqual([
      'absent',
      'absent',
    ]);
    expect(readMemory(alternate, 'u')).toEqual({
      instances: new Map([['a', known('held')]]),
      job: { id: 'j', instances: ['a'] },
    });
    const elsewhere = { ...route, connection: { url: 'http://c/' } };
    expect(readMemory(memoryOfWay(ledger, elsewhere), 'u').instances.size).toBe(0);
    expect(readMemory(memoryOfWay(ledger, { ...route, mode: 'transfer' }), 'u').instances.size).toBe(1);
    alternate.forget('u', ['a']);
    expect(readMemory(alternate, 'u').instances.size).toBe(0);
    expect(readMemory(first, 'u').instances.size).toBe(2);
  });
});
