import { describe, expect, it } from '@jest/globals';
import { type Disk, openDisk } from './disk.ts';

describe('openDisk', () => {
  it('asks directly until the disk makes it wait, then through threads, and tries again later', () => {
    let now = 0;
    let takes = 0;
    const asked: string[] = [];
    const calls = (name: string): Disk => {
      const close = () => {
        asked.push(name);
        if (name === 'direct') now += takes;
      };
      return { close } as unknown as Disk;
    };
    const disk = openDisk(calls('direct'), calls('threads'), () => now);
    const closeTimes = (times: number) => {
      asked.length = 0;
      for (let at = 0; at < times; at += 1) void disk.close(1);
      return asked.filter((name) => name === 'direct').length;
    };
    expect(closeTimes(100)).toBe(100);
    takes = 10;
    expect(closeTimes(501)).toBe(1);
    takes = 0;
    expect(closeTimes(100)).toBe(100);
  });

  it('keeps to threads after a call that failed late', async () => {
    let now = 0;
    const failing = {
      look() {
        now += 10;
        throw new Error('gone');
      },
    } as unknown as Disk;
    const threads = { look: () => Promise.resolve('seen') } as unknown as Disk;
    const disk = openDisk(failing, threads, () => now);
    expect(() => disk.look(Buffer.of())).toThrow('gone');
    expect(await disk.look(Buffer.of())).toBe('seen');
  });
});
