import { homedir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { callTool } from './call-tool.ts';
import { copier, ran, recordOf } from './copier-scene.ts';
import type { Copier } from './copier-scene.ts';
import { stateFolderIn } from './state-folder.ts';

/** A copier that tells which state folder it is given. */
function nosyCopier() {
  const seen: string[] = [];
  const tool: Copier = {
    ...copier,
    run(options, context) {
      seen.push(context.stateFolder);
      return copier.run(options, context);
    },
    doctor(_, { stateFolder }) {
      seen.push(stateFolder);
      return Promise.resolve([]);
    },
    work: recordOf((_, { stateFolder }) => {
      seen.push(stateFolder);
      throw new Error('no work');
    }),
  };
  return { tool, seen };
}

describe('the state folder', () => {
  it.each([
    [{ XDG_STATE_HOME: '/state', HOME: '/home/a' }, '/state/orthanc-tools'],
    [{ XDG_STATE_HOME: '', HOME: '/home/a' }, '/home/a/.local/state/orthanc-tools'],
    [{ XDG_STATE_HOME: 'state', HOME: '/home/a' }, '/home/a/.local/state/orthanc-tools'],
    [{}, `${homedir()}/.local/state/orthanc-tools`],
  ])('of %j is %s', (env, folder) => {
    expect(stateFolderIn(env)).toBe(folder);
  });

  it('is that of the surroundings for every command', async () => {
    const { tool, seen } = nosyCopier();
    const commands = [[], ['doctor'], ['status'], ['requeue', '--all']];
    for (const command of commands) {
      await ran(tool, [...command, '--dest-url=http://b:8042'], { env: { XDG_STATE_HOME: '/state' } });
    }
    expect(seen).toEqual(commands.map(() => '/state/orthanc-tools'));
  });

  it('is what a script says, and otherwise needs no variable', async () => {
    const { tool, seen } = nosyCopier();
    await callTool(tool, { destUrl: 'http://b' }, { stateFolder: '/mine' });
    await callTool(tool, { destUrl: 'http://b' });
    expect(seen).toEqual(['/mine', `${homedir()}/.local/state/orthanc-tools`]);
  });
});
