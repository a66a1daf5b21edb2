import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@orthanc-tools/scheduling';
import type { Logger } from '@orthanc-tools/telemetry';
import { openTransferLog } from './transfer-log.ts';

const sending = {
  unit: 'u',
  destination: 'pacs',
  via: 'pacs',
  proved: 1,
  unproved: 0,
  proof: 'image',
  attempt: 1,
};

describe('a transfer log', () => {
  it('that cannot be written is told of once, and holds up nothing', () => {
    const lines: unknown[] = [];
    const tell = (level: string) => (event: string, facts: object) =>
      void lines.push({ level, event, ...facts });
    const log = { info: tell('info'), error: tell('error') } as unknown as Logger;
    // Each write to it fails as on a disk that is full.
    using transfers = openTransferLog('/dev/full', { clock: systemClock, log });
    for (let times = 0; times < 3; times += 1) transfers.sent(sending);
    expect(lines).toMatchObject([
      { level: 'info', event: 'unit.forwarded' },
      { level: 'error', event: 'transfer_log.unwritable', path: '/dev/full', code: 'ENOSPC' },
      { level: 'info', event: 'unit.forwarded' },
      { level: 'info', event: 'unit.forwarded' },
    ]);
  });
});
