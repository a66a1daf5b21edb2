import { describe, expect, it } from '@jest/globals';
import { runTool } from '@orthanc-tools/tool-runtime';
import { forwarderTool } from './forwarder.ts';

async function run(argv: readonly string[]): Promise<{ exitCode: number; stderr: string }> {
  let stderr = '';
  const exitCode = await runTool(forwarderTool, {
    argv: ['--source-url=http://127.0.0.1:1', '--trigger=StableStudy', ...argv],
    env: { HOME: '/none' },
    stdout: { write: () => true },
    stderr: { write: (text: string) => ((stderr += text), true) },
  });
  return { exitCode, stderr };
}

describe('what cannot mean anything', () => {
  it.each([
    [[], 'Where to? Give --destination (DESTINATION) or --destinations-file (DESTINATIONS_FILE).'],
    [['--destination=a,a'], '--destination (DESTINATION) names "a" twice.'],
    [
      ['--destinations-file=x.yml', '--destination=a'],
      '--destinations-file (DESTINATIONS_FILE) cannot be given together with --destination (DESTINATION).',
    ],
    [
      ['--destinations-file=x.yml', '--mode=peering'],
      '--destinations-file (DESTINATIONS_FILE) cannot be given together with --mode (MODE).',
    ],
    [
      ['--destinations-file=/none/x.yml'],
      '--destinations-file (DESTINATIONS_FILE): the file "/none/x.yml" cannot be read: ENOENT.',
    ],
  ])('is refused: %j', async (argv, sentence) => {
    const { exitCode, stderr } = await run(argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
