import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '@orthanc-tools/work-ledger';
import type { Route } from './destination.ts';
import { readMemory, rememberInstances, rememberJobs } from './unit-memory.ts';
import { findPlace, memoryOfWay } from './way-memory.ts';

const known = (before: 'absent' | 'held') => ({ before, isSent: true, md5: 'm', size: 1 });

describe('what is known of instances', () => {
  it('is known for each way by itself', () => {
    using ledger = openLedger(join(mkdtempSync(join(tmpdir(), 'ways-')), 'l.sqlite'));
    ledger.enqueue([{ key: 'u' }]);
    const route = { mode: 'peering', target: 'b', connection: { url: 'http://b/' } } as const;
    const of = (way: Route) => memoryOfWay(ledger, findPlace(ledger, way, undefined).name);
    const first = of({ mode: 'dicom', target: 'b' });
    const alternate = of(route);
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
    expect(readMemory(of(elsewhere), 'u').instances.size).toBe(0);
    expect(readMemory(of({ ...route, mode: 'transfer' }), 'u').instances.size).toBe(1);
    alternate.forget('u', ['a']);
    expect(readMemory(alternate, 'u').instances.size).toBe(0);
    expect(readMemory(first, 'u').instances.size).toBe(2);
  });
});

describe('the place to which an alias leads', () => {
  const route: Route = { mode: 'dicom', target: 'pacs' };

  it('is what it was before addresses were known, where the alias leads first', () => {
    using ledger = openLedger(join(mkdtempSync(join(tmpdir(), 'places-')), 'l.sqlite'));
    const place = (address?: string) => findPlace(ledger, route, address);
    const before = { name: 'modality pacs', address: undefined };
    const first = { name: 'modality pacs', address: 'OLD@old:104' };
    const second = { name: 'modality pacs YOUNG@young:104', address: 'YOUNG@young:104' };
    expect([place(), place('OLD@old:104'), place()]).toEqual([before, first, first]);
    // What cannot be read leads where it led last.
    expect([place('YOUNG@young:104'), place(), place('OLD@old:104')]).toEqual([second, second, first]);
  });
});
