import { describe, expect, it } from '@jest/globals';
import { configurationError } from '@orthanc-tools/failures';
import { copier, ran } from './copier-scene.ts';

const destination = '--dest-url=http://b:8042';

describe('doctor', () => {
  const findings = [
    { subject: 'source', check: 'version', verdict: 'ok', found: '1.12.4' },
    {
      subject: 'source',
      check: 'stored MD5',
      verdict: 'warning',
      found: 'off',
      remedy: 'Turn StoreMD5ForAttachments on.',
    },
    { subject: 'destination', check: 'clock', verdict: 'unknown', found: 'no date' },
  ] as const;

  it('shows each finding with its remedy, exit code 0 without a problem', async () => {
    const { exitCode, stdout } = await ran({ ...copier, doctor: () => Promise.resolve(findings) }, [
      'doctor',
      destination,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'source',
        '  ok       version     1.12.4',
        '  WARNING  stored MD5  off',
        '                       -> Turn StoreMD5ForAttachments on.',
        '',
        'destination',
        '  unknown  clock       no date',
        '',
        '0 problems, 1 warning, 1 unknown.',
        '',
      ].join('\n'),
    );
  });

  it('prints JSON and nothing else on standard output, exit code 2 with a problem', async () => {
    const problem = { subject: 'source', check: 'answer', verdict: 'problem', found: 'none' } as const;
    const doctor: NonNullable<typeof copier.doctor> = (_options, { log }) => {
      log.warn('server.waited_for');
      return Promise.resolve([...findings, problem]);
    };
    const { exitCode, stdout, stderr } = await ran({ ...copier, doctor }, ['doctor', '--json', destination]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ tool: 'copier', findings: [...findings, problem] });
    expect(stderr).toContain('server.waited_for');
  });

  it('makes a finding of the failure that stops it', async () => {
    const doctor = () =>
      Promise.reject(configurationError('CA_UNREADABLE', 'The file ca.pem cannot be read.'));
    const { exitCode, stdout } = await ran({ ...copier, doctor }, ['doctor', destination]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('PROBLEM  CA_UNREADABLE  The file ca.pem cannot be read.');
  });
});
