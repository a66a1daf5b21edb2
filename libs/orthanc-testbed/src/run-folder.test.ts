import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { identifyProcess } from './process-identity.ts';
import { createRunFolder, sweepRunFolders } from './run-folder.ts';

const deadOwner = { pid: process.pid, startedAt: 'before the last boot' };

describe('sweepRunFolders', () => {
  it('ends the server of a dead owner and removes its folder', async () => {
    const folder = createRunFolder();
    const server = spawn('sleep', ['600'], { stdio: 'ignore' });
    const exit = once(server, 'exit');
    const record = { owner: deadOwner, server: identifyProcess(server.pid ?? 0) };
    writeFileSync(join(folder.path, 'ownership.json'), JSON.stringify(record));
    sweepRunFolders();
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect(existsSync(folder.path)).toBe(false);
  });

  it('leaves alone what a living process owns, and what is kept', () => {
    const owned = createRunFolder();
    const kept = createRunFolder();
    kept.keep();
    sweepRunFolders();
    expect([existsSync(owned.path), existsSync(kept.path)]).toEqual([true, true]);
    owned.remove();
    kept.remove();
  });

  it('never ends a process that only has the number of the server', () => {
    const folder = createRunFolder();
    const stranger = { pid: process.pid, startedAt: 'another time' };
    writeFileSync(
      join(folder.path, 'ownership.json'),
      JSON.stringify({ owner: deadOwner, server: stranger }),
    );
    sweepRunFolders();
    expect(existsSync(folder.path)).toBe(false);
  });
});
