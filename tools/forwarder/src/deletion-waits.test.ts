import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import type { Logger } from '@orthanc-tools/telemetry';
import { deletionWaits } from './deletion-waits.ts';

const away = transientFailure('DESTINATION_UNREACHABLE', 'away', { scope: 'run' });
const ofOne = transientFailure('COMMITMENT_UNCLEAR', 'unclear');

const pacs = { destination: 'pacs', via: 'PACS', mode: 'dicom' } as const;
const archive = { destination: 'archive', via: 'ARCHIVE', mode: 'dicom' } as const;

function waitsAt() {
  const lines: string[] = [];
  const time = { ms: 0 };
  const tell = (event: string) => void lines.push(event);
  const log = { warn: tell, info: tell } as unknown as Logger;
  return { waits: deletionWaits(log, { now: () => new Date(time.ms) }, () => 1), lines, time };
}

describe('a destination that deletions wait for', () => {
  it('is left alone when it was found away, for a growing time below a minute, and told of once', () => {
    const { waits, lines, time } = waitsAt();
    const rests = [];
    for (let times = 0; times < 6; times += 1) {
      waits.note(pacs, away);
      waits.note(pacs, away);
      const askAgainInMs = waits.silenceOf(pacs)?.askAgainInMs ?? 0;
      rests.push(askAgainInMs);
      time.ms += askAgainInMs;
      expect(waits.silenceOf(pacs)).toBeUndefined();
    }
    expect(rests).toEqual([5000, 10_000, 20_000, 40_000, 50_000, 50_000]);
    expect(lines).toEqual(['deletion.waits']);
  });

  it('is asked at once again when it has answered', () => {
    const { waits, lines } = waitsAt();
    waits.note(pacs, away);
    waits.isOver(pacs);
    expect(waits.silenceOf(pacs)).toBeUndefined();
    waits.note(pacs, away);
    expect(waits.silenceOf(pacs)).toEqual({ failure: away, askAgainInMs: 5000 });
    expect(lines).toEqual(['deletion.waits', 'deletion.goes_on', 'deletion.waits']);
  });

  it('is asked about others when it cannot say something of one unit', () => {
    const { waits } = waitsAt();
    waits.note(pacs, ofOne);
    expect([waits.silenceOf(pacs), waits.silenceOf(archive)]).toEqual([undefined, undefined]);
  });

  it('is asked by another way while one is away', () => {
    const { waits } = waitsAt();
    waits.note(pacs, away);
    expect(waits.silenceOf(pacs)).toBeDefined();
    expect(waits.silenceOf({ ...pacs, via: 'BACKUP' })).toBeUndefined();
  });
});
