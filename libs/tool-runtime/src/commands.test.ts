import { describe, expect, it } from '@jest/globals';
import { exitCodes } from '@orthanc-tools/failures';
import { copier, ran, recordOf } from './copier-scene.ts';

describe('help and version', () => {
  it.each([[['--help']], [['-h']], [['help']], [['--dest-url=wrong', '--help']]])(
    'explains itself: %j',
    async (argv) => {
      const { exitCode, stdout, stderr } = await ran(copier, argv);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Usage: orthanc-copier [command] [options]');
      expect(stdout).toContain('--dest-url URL');
      expect(stdout).toContain('130  Interrupted');
    },
  );

  it('lists no exit code that the tool never has', async () => {
    const { stdout } = await ran({ ...copier, unusedExitCodes: [exitCodes.differences] }, ['--help']);
    expect(stdout).toContain('3    Finished');
    expect(stdout).not.toContain('differences were found');
  });

  it('offers only the commands that the tool has', async () => {
    const alone = await ran(copier, ['--help']);
    expect(alone.stdout).not.toMatch(/^ {2}(status|requeue|doctor) /m);
    const able = await ran({ ...copier, doctor: () => Promise.resolve([]) }, ['--help']);
    expect(able.stdout).toMatch(/^ {2}doctor /m);
  });

  it('explains a command by itself', async () => {
    const { stdout } = await ran({ ...copier, doctor: () => Promise.resolve([]) }, ['doctor', '--help']);
    expect(stdout).toContain('Usage: orthanc-copier doctor [options]');
    expect(stdout).toContain('  --json\n');
    expect(stdout).toContain('Examples:\n  orthanc-copier doctor --dest-url http://b:8042\n');
  });

  it.each(['status', 'requeue'])('shows with %s what it uses, and nothing else', async (command) => {
    const work = recordOf(() => {
      throw new Error('not asked for');
    });
    const { stdout } = await ran({ ...copier, work }, [command, '--help']);
    const flags = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    const own = command === 'requeue' ? ['--all', '--key', '--code', '--json'] : ['--json'];
    expect(flags).toEqual([...own, '--record', '--config']);
    expect(stdout).toContain(
      `The other options of orthanc-copier are accepted after "${command}" and not used`,
    );
  });

  it.each(['--version', '-V'])('tells its version: %s', async (flag) => {
    expect(await ran(copier, [flag])).toMatchObject({
      exitCode: 0,
      stdout: 'orthanc-copier 1.2.3\n',
      stderr: '',
    });
  });
});

describe('plan', () => {
  const plan = () => Promise.resolve({ exitCode: exitCodes.done, summary: { studies: 7 } });

  it('counts with the options of a run, and does not run', async () => {
    const run = () => Promise.reject(new Error('it ran'));
    const { exitCode, lines } = await ran({ ...copier, run, plan }, ['plan', '--dest-url=http://b:8042']);
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toMatchObject({ event: 'run.finished', studies: 7 });
  });

  it('is a command of tools that have one only', async () => {
    expect((await ran({ ...copier, plan }, ['--help'])).stdout).toMatch(/^ {2}plan /m);
    expect((await ran(copier, ['plan'])).exitCode).toBe(2);
  });
});
