import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Logger } from '@orthanc-tools/telemetry';
import { openLedger } from '@orthanc-tools/work-ledger';
import { keepAnew } from './keep-anew.ts';

const day = 24 * 3600 * 1000;

function kept() {
  const ledger = openLedger(join(mkdtempSync(join(tmpdir(), 'keep-')), 'deletion.sqlite'));
  const told: unknown[] = [];
  const log = { info: (...line: unknown[]) => void told.push(line) } as unknown as Logger;
  const keep = (days: number) => {
    keepAnew({ ledger, keepMs: days * day, log });
  };
  return { ledger, told, keep, [Symbol.dispose]: () => ledger[Symbol.dispose]() };
}

describe('what is proved already', () => {
  it('is kept for as long as the last start says, from its proof on', () => {
    using scene = kept();
    scene.keep(3);
    scene.ledger.enqueue([{ key: 'a', readyAt: 13 * day, mark: String(10 * day) }]);
    scene.keep(30);
    expect(scene.ledger.nextReadyAt()).toBe(40 * day);
    scene.keep(0);
    expect(scene.ledger.nextReadyAt()).toBe(10 * day);
    expect(scene.told).toEqual([
      ['keep_days.changed', { days: 30, before: 3, units: 1 }],
      ['keep_days.changed', { days: 0, before: 30, units: 1 }],
    ]);
  });

  it('stays as it was released where nothing was changed', () => {
    using scene = kept();
    scene.keep(3);
    scene.ledger.enqueue([{ key: 'a', readyAt: 13 * day, mark: String(10 * day) }]);
    scene.ledger.hasten([{ key: 'a', readyAt: 11 * day }]);
    scene.keep(3);
    expect(scene.ledger.nextReadyAt()).toBe(11 * day);
    expect(scene.told).toEqual([]);
  });

  it('follows also where an older ledger does not say for how long it was kept', () => {
    using scene = kept();
    scene.ledger.enqueue([{ key: 'a', readyAt: 13 * day, mark: String(10 * day) }]);
    scene.keep(1);
    expect(scene.ledger.nextReadyAt()).toBe(11 * day);
  });
});
