import { appendFileSync, chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openTrail } from './open-trail.ts';
import { verifyTrail } from './verify-trail.ts';

const clock = { now: () => new Date('2026-01-31T10:00:00Z') };
const newPath = () => join(mkdtempSync(join(tmpdir(), 'trail-')), 'audit', 'trail.jsonl');

function writeTo(path: string, ...events: string[]): void {
  using trail = openTrail(path, clock);
  for (const event of events) trail.write(event, { rule: 'ü', studies: [event] });
}

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('the audit trail', () => {
  it('is a chain, also over starts, that can be checked', async () => {
    const path = newPath();
    writeTo(path, 'a', 'b');
    writeTo(path, 'c');
    expect(await verifyTrail(path)).toEqual({ is: 'whole', records: 3 });
    const [, second = '', third = ''] = linesOf(path);
    const [before, after] = [JSON.parse(second), JSON.parse(third)] as Record<string, unknown>[];
    expect(after).toMatchObject({
      seq: 3,
      event: 'c',
      at: '2026-01-31T10:00:00.000Z',
      previous: before?.['hash'],
    });
  });

  it('is whole with whatever else ends lines in the name of a rule, escaped or not', async () => {
    const path = newPath();
    writeTo(path, 'one\u2028line', 'another\u2029\u0085');
    expect(readFileSync(path, 'utf8')).not.toMatch(/[\u2028\u2029]/u);
    expect(await verifyTrail(path)).toEqual({ is: 'whole', records: 2 });
    // As it was written once.
    const text = readFileSync(path, 'utf8').replaceAll('\\u2028', '\u2028').replaceAll('\\u2029', '\u2029');
    writeFileSync(path, text);
    appendFileSync(path, '{"seq":3,"event":"x\u2028\r');
    writeTo(path, 'c');
    expect(await verifyTrail(path)).toEqual({ is: 'whole', records: 4 });
    expect(linesOf(path)[0]).toContain('one\u2028line');
  });

  it('is refused to two at a time', () => {
    const path = newPath();
    using one = openTrail(path, clock);
    using other = openTrail(path, clock);
    one.write('a', {});
    expect(() => {
      other.write('b', {});
    }).toThrow(/somebody else writes to/);
    expect(linesOf(path)).toHaveLength(1);
  });

  it.each([
    ['changed', (lines: string[]) => lines.with(1, lines[1]?.replace('"b"', '"x"') ?? ''), 2],
    ['taken out', (lines: string[]) => lines.toSpliced(1, 1), 2],
    ['put in twice', (lines: string[]) => lines.toSpliced(1, 0, lines[1] ?? ''), 3],
    ['put before another', (lines: string[]) => [lines[1] ?? '', lines[0] ?? '', lines[2] ?? ''], 1],
    ['made unreadable', (lines: string[]) => lines.with(1, 'x'), 2],
  ])('shows where a line was %s', async (_, change, line) => {
    const path = newPath();
    writeTo(path, 'a', 'b', 'c');
    writeFileSync(path, `${change(linesOf(path)).join('\n')}\n`);
    expect(await verifyTrail(path)).toEqual({ is: 'broken', line });
  });

  it('goes on after a line that a crash has cut off, and tells of it', async () => {
    const path = newPath();
    writeTo(path, 'a');
    appendFileSync(path, '{"seq":2,"at":"2026');
    expect(await verifyTrail(path)).toEqual({ is: 'whole', records: 1 });
    writeTo(path, 'b');
    expect(await verifyTrail(path)).toEqual({ is: 'whole', records: 3 });
    expect(linesOf(path)[2]).toContain('"trail.line_cut_off"');
  });

  it('is no trail any more when another line stands where one was cut off', async () => {
    const path = newPath();
    writeTo(path, 'a');
    appendFileSync(path, '{"seq":2');
    writeTo(path, 'b');
    writeFileSync(path, readFileSync(path, 'utf8').replace('{"seq":2\n', '{"seq":9\n'));
    expect(await verifyTrail(path)).toEqual({ is: 'broken', line: 2 });
  });

  it('is not gone on with when its last line was changed', () => {
    const path = newPath();
    writeTo(path, 'a');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"event":"a"', '"event":"b"'));
    expect(() => openTrail(path, clock)).toThrow(expect.objectContaining({ code: 'AUDIT_TRAIL_BROKEN' }));
  });

  it('finds its end behind lines of any length', async () => {
    const path = newPath();
    using trail = openTrail(path, clock);
    trail.write('long', { studies: Array.from({ length: 9000 }, (_, index) => `study ${String(index)}`) });
    writeTo(path, 'b');
    expect(await verifyTrail(path)).toEqual({ is: 'whole', records: 2 });
  });

  it('that cannot be written is refused', () => {
    const path = newPath();
    writeTo(path, 'a');
    chmodSync(path, 0o400);
    expect(() => openTrail(join(path, 'x'), clock)).toThrow(
      expect.objectContaining({ code: 'AUDIT_TRAIL_UNWRITABLE' }),
    );
  });
});

it('a trail that is not there is missing', async () => {
  expect(await verifyTrail(newPath())).toEqual({ is: 'missing' });
});
