import { describe, expect, it } from '@jest/globals';
import { callTool } from './call-tool.ts';
import { copier } from './copier-scene.ts';
import type { Copier } from './copier-scene.ts';

describe('callTool', () => {
  it('runs with complete options and answers the outcome', async () => {
    const seen: unknown[] = [];
    const run: Copier['run'] = (options, context) => {
      seen.push(options.destUrl, options.workers);
      return copier.run(options, context);
    };
    const outcome = await callTool({ ...copier, run }, { destUrl: 'http://b' });
    expect(outcome).toMatchObject({ exitCode: 0, summary: { copiedInstances: 1234 } });
    expect(seen).toEqual(['http://b/', 4]);
  });

  it('hands out log lines and progress, without secrets', async () => {
    const lines: string[] = [];
    const states: number[] = [];
    const run: Copier['run'] = (options, context) => {
      context.log.info('copier.tried', { with: 's3cret-word' });
      context.progress.update({ doneItems: 0, doneParts: 7, doneBytes: 0, setAside: 0 });
      return copier.run(options, context);
    };
    await callTool(
      { ...copier, run },
      { destUrl: 'http://b', destPwd: 's3cret-word' },
      { onLogLine: (line) => lines.push(line), onProgress: ({ doneParts }) => states.push(doneParts) },
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"event":"copier.tried"');
    expect(lines[0]).not.toContain('s3cret-word');
    expect(states).toEqual([7]);
  });

  it('throws what the command line would print', async () => {
    const wrong = callTool(copier, { destUrl: 'b', workers: 0.5 });
    await expect(wrong).rejects.toMatchObject({ kind: 'configuration', code: 'OPTIONS_INVALID' });
    await expect(
      callTool({ ...copier, run: () => Promise.reject(new TypeError('x')) }, { destUrl: 'http://b' }),
    ).rejects.toThrow(TypeError);
    const failure = new TypeError('x');
    const ended = () => Promise.resolve({ exitCode: 2, summary: {}, failure } as const);
    await expect(callTool({ ...copier, run: ended }, { destUrl: 'http://b' })).rejects.toBe(failure);
  });
});
