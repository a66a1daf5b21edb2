import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { openSettingsFile } from './open-settings-file.ts';

const shape = z.strictObject({
  rooms: z.array(z.strictObject({ name: z.string(), seats: z.int().default(2) })).min(1),
});

function open(text: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'settings-')), 'rooms.yml');
  writeFileSync(path, text);
  return openSettingsFile(path, { option: 'roomsFile', shape });
}

const refusalOf = (text: string): string => {
  try {
    open(text);
  } catch (error) {
    return (error as Error).message.replaceAll(/the file "[^"]+"/g, 'FILE');
  }
  return 'accepted';
};

describe('a settings file', () => {
  it.each(['rooms: [{name: a}]', '{"rooms": [{"name": "a"}]}'])('is read with its defaults: %s', (text) => {
    expect(open(text).content).toEqual({ rooms: [{ name: 'a', seats: 2 }] });
  });

  it('is not read again where somebody has read it', () => {
    const text = 'rooms: [{name: a}]';
    const { content } = openSettingsFile('/nowhere/rooms.yml', { option: 'roomsFile', shape, text });
    expect(content).toEqual({ rooms: [{ name: 'a', seats: 2 }] });
  });

  it('is refused with every fault at once, each with its place, and repeats no value', () => {
    expect(refusalOf('rooms:\n  - nme: secret\n    seats: many\n')).toBe(
      [
        '--rooms-file (ROOMS_FILE): FILE, line 2, column 5: rooms[0].name is missing.',
        '--rooms-file (ROOMS_FILE): FILE, line 3, column 12: rooms[0].seats must be a number.',
        '--rooms-file (ROOMS_FILE): FILE, line 2, column 5: rooms[0].nme is not known here. Did you mean name?',
      ].join('\n'),
    );
  });

  it('is refused when it is neither YAML nor JSON', () => {
    expect(refusalOf('rooms: [')).toMatch(/FILE is neither YAML nor JSON: .* in line 1, column \d+\.$/);
  });

  it('tells what is wrong beyond its declaration in the same words', () => {
    const file = open('rooms:\n  - name: a\n');
    expect(() => {
      file.refuse([]);
    }).not.toThrow();
    expect(() => {
      file.refuse([{ path: ['rooms', 0, 'name'], fault: 'is taken' }]);
    }).toThrow(/line 2, column 11: rooms\[0\]\.name is taken\.$/);
  });
});
