import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configurationError, exitCodes, transientFailure } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import { copier, ran, recordOf } from './copier-scene.ts';

const work = recordOf(() => {
  throw new Error('not asked for');
});

const destination = '--dest-url=http://b:8042';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tool-runtime-'));
});

afterEach(() => rm(folder, { recursive: true }));

const reportIn = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;

describe('what a user got wrong', () => {
  it('is told in one message, without a stack, exit code 2', async () => {
    const { exitCode, stdout, stderr } = await ran(copier, ['--workers=0', '--dest-urk=x']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      [
        'orthanc-copier: 2 settings are wrong:',
        '  --dest-urk is not an option. Did you mean --dest-url?',
        '  --workers (WORKERS) must be a whole number, 1 or more, not "0".',
        '"orthanc-copier --help" explains every option.',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [
      ['stauts'],
      'orthanc-copier: "stauts" is not a command; there are run. "orthanc-copier --help" explains them.\n',
    ],
    [[destination, 'run'], 'orthanc-copier: the command comes first: orthanc-copier run [options]\n'],
    [
      ['http://user:s3cret@b'],
      'orthanc-copier: a word was given that is not a command; there are run. "orthanc-copier --help" explains them.\n',
    ],
  ])('in the command, too: %j', async (argv, stderr) => {
    expect(await ran(copier, argv)).toMatchObject({ exitCode: 2, stderr });
  });

  it('is a report that cannot be written, told before the work begins', async () => {
    let hasRun = false;
    const run = () => {
      hasRun = true;
      return Promise.resolve({ exitCode: exitCodes.done, summary: {} });
    };
    const { exitCode, stderr } = await ran({ ...copier, run }, [
      destination,
      '--report',
      join(folder, 'none', 'r.json'),
    ]);
    expect([exitCode, hasRun]).toEqual([2, false]);
    expect(stderr).toContain('--report (REPORT): "');
  });

  it('is told once, when the report that could be written at first no longer can', async () => {
    const path = join(folder, 'r.json');
    const run = async () => {
      await mkdir(path);
      return { exitCode: exitCodes.done, summary: { copied: 1 } };
    };
    const { exitCode, stderr, lines } = await ran({ ...copier, run }, [destination, '--report', path]);
    expect(exitCode).toBe(2);
    expect(stderr.match(/--report \(REPORT\)/g)).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ event: 'run.finished', exitCode: 2, copied: 1 });
  });

  it('is warned of, where it is accepted and has no effect', async () => {
    const { exitCode, lines } = await ran(copier, [destination, '--pace=9']);
    expect(exitCode).toBe(0);
    expect(lines[1]).toMatchObject({
      level: 'warn',
      event: 'option.doubted',
      message: '--pace (PACE) has no effect without --dest-pwd (DEST_PWD).',
    });
  });
});

describe('a run', () => {
  it('logs its options with their origins and without secrets, and its summary', async () => {
    const run: typeof copier.run = (options, { log }) => {
      log.info('copier.tried', { url: options.destUrl, said: `wrong password s3cret-word` });
      return copier.run(options, { log } as never);
    };
    const { exitCode, stdout, lines } = await ran({ ...copier, run }, ['run', destination], {
      env: { DEST_PWD: 's3cret-word' },
    });
    expect(exitCode).toBe(0);
    expect(lines.map(({ event }) => event)).toEqual(['run.started', 'copier.tried', 'run.finished']);
    expect(lines[0]).toMatchObject({
      tool: 'copier',
      version: '1.2.3',
      options: {
        destUrl: { value: 'http://b:8042/', origin: 'flag' },
        destPwd: { value: '***', origin: 'variable' },
      },
    });
    expect(lines[2]).toMatchObject({ exitCode: 0, copiedInstances: 1234, copiedBytes: 5_600_000 });
    expect(stdout).not.toContain('s3cret-word');
  });

  it('tells a person its summary in words', async () => {
    const { stdout } = await ran(copier, [destination, '--log-format=pretty', '--log-level=warn']);
    expect(stdout).toMatch(
      /^orthanc-copier: Everything was done\. \S+ - copied instances: 1,234, copied bytes: 5\.6 MB\n$/,
    );
  });

  it('tells a person only what counts, and only the options that were given', async () => {
    const run = () => Promise.resolve({ exitCode: exitCodes.setAside, summary: { copied: 2, vanished: 0 } });
    const argv = [destination, '--dest-pwd=s3cret', '--log-format=pretty'];
    const { stdout } = await ran({ ...copier, run, work }, argv);
    const [first, last] = stdout.trimEnd().split('\n');
    expect(first).toMatch(
      / options=\{"destUrl":"http:\/\/b:8042\/","destPwd":"\*\*\*","logFormat":"pretty"\}$/,
    );
    expect(last).toMatch(
      /^orthanc-copier: Finished, but some items were set aside; "orthanc-copier status" with the same options names them\. \(exit code 3\) \S+ - copied: 2$/,
    );
    const report = `--report=${join(folder, 'r.json')}`;
    const reported = await ran({ ...copier, run, work }, [...argv, report]);
    expect(reported.stdout).toContain('some items were set aside; the report names them. (exit code 3)');
  });

  it('leaves a report in one piece', async () => {
    const path = join(folder, 'report.json');
    const times = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z'];
    const clock: Clock = {
      now: () => new Date(times.length > 1 ? (times.shift() ?? '') : (times[0] ?? '')),
      sleep: () => Promise.resolve(),
    };
    const run = () =>
      Promise.resolve({
        exitCode: exitCodes.setAside,
        summary: { setAside: 1 },
        report: { setAside: ['a'], tool: 'other' },
      });
    const { exitCode } = await ran(
      { ...copier, run },
      [destination, `--report=${path}`, '--dest-pwd=s3cret'],
      { clock },
    );
    expect(exitCode).toBe(3);
    expect(await reportIn(path)).toMatchObject({
      tool: 'copier',
      version: '1.2.3',
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:01:00.000Z',
      options: { destPwd: { value: '***', origin: 'flag' } },
      exitCode: 3,
      summary: { setAside: 1 },
      setAside: ['a'],
    });
    expect(await readdir(folder)).toEqual(['report.json']);
  });

  it.each([exitCodes.done, exitCodes.setAside, exitCodes.differences])(
    'ends with 130 instead of %d when it was interrupted',
    async (own) => {
      const controller = new AbortController();
      const run: typeof copier.run = (_options, { signal }) => {
        controller.abort();
        return Promise.resolve({ exitCode: signal.aborted ? own : exitCodes.defect, summary: {} });
      };
      expect(await ran({ ...copier, run }, [destination], { signal: controller.signal })).toMatchObject({
        exitCode: 130,
        stderr: '',
      });
    },
  );

  it('takes what an aborted signal throws for an interruption', async () => {
    const controller = new AbortController();
    const run: typeof copier.run = (_options, { signal }) => {
      controller.abort();
      signal.throwIfAborted();
      throw new Error('not reached');
    };
    expect(await ran({ ...copier, run }, [destination], { signal: controller.signal })).toMatchObject({
      exitCode: 130,
      stderr: '',
    });
  });

  it.each([
    [
      'configuration',
      configurationError('PEER_UNKNOWN', 'The peer b is not known.', { cause: new Error('404') }),
    ],
    [
      'transient',
      transientFailure('ORTHANC_UNREACHABLE', 'The peer b is not known.', { cause: new Error('404') }),
    ],
  ])('that ends by a foreseen failure (%s) tells it without a stack, exit code 2', async (kind, failure) => {
    const path = join(folder, 'report.json');
    const run = () => Promise.reject(failure);
    const { exitCode, stderr, lines } = await ran({ ...copier, run }, [destination, '--report', path]);
    const told = `orthanc-copier: The peer b is not known. [${failure.code}]\n  because: 404\n`;
    expect([exitCode, stderr]).toEqual([2, told]);
    expect(lines.at(-1)).toMatchObject({ level: 'error', event: 'run.failed', kind, code: failure.code });
    expect(await reportIn(path)).toMatchObject({ exitCode: 2, failure: { kind, code: failure.code } });
  });

  it('that a failure ends tells what was done until then', async () => {
    const path = join(folder, 'report.json');
    const failure = transientFailure('ORTHANC_UNREACHABLE', 'The peer b is not known.');
    const outcome = { exitCode: exitCodes.setAside, summary: { copied: 3 }, report: { setAside: ['a'] } };
    const run = () => Promise.resolve({ ...outcome, failure });
    const { exitCode, stderr, lines } = await ran({ ...copier, run }, [destination, '--report', path]);
    expect([exitCode, stderr]).toEqual([
      2,
      'orthanc-copier: The peer b is not known. [ORTHANC_UNREACHABLE]\n',
    ]);
    expect(lines.at(-1)).toMatchObject({ event: 'run.failed', code: failure.code, copied: 3 });
    const told = { exitCode: 2, summary: { copied: 3 }, setAside: ['a'], failure: { code: failure.code } };
    expect(await reportIn(path)).toMatchObject(told);
    const forPeople = await ran({ ...copier, run }, [destination, '--log-format=pretty']);
    expect(forPeople.stdout).toContain('copied: 3');
  });

  it('that ends by a defect tells where, exit code 1', async () => {
    const run = () => Promise.reject(new TypeError('x is undefined'));
    const { exitCode, stderr } = await ran({ ...copier, run }, [destination]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'orthanc-copier: this is a defect of the tool, please report it.\nTypeError: x is undefined\n    at ',
    );
  });
});
