import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { declareOptions, resolveOptions } from '@orthanc-tools/tool-options';
import { connectionFrom, orthancOptions } from './orthanc-options.ts';

const table = declareOptions({ ...orthancOptions('source'), ...orthancOptions('dest') });
const urls = ['--source-url', 'http://a:8042', '--dest-url', 'http://b:8042'];
const given = async (argv: string[], env: Record<string, string> = {}) =>
  (await resolveOptions(table, { argv: [...urls, ...argv], env })).values;

describe('orthancOptions', () => {
  it('reads the flags and variables of the Python tools', async () => {
    const values = await given(['--source_user=doctor', '--dest_api_key', 'key'], { SOURCE_PWD: 'secret' });
    expect(connectionFrom(values, 'source')).toMatchObject({
      url: 'http://a:8042/',
      user: 'doctor',
      password: 'secret',
    });
    expect(connectionFrom(values, 'dest')).toMatchObject({ url: 'http://b:8042/', apiKey: 'key' });
  });

  it('has time limits unless others are given', async () => {
    expect(connectionFrom(await given([]), 'source').limits).toEqual({ connect: 10_000, idle: 120_000 });
    const limits = connectionFrom(
      await given(['--source-connect-timeout', '3s', '--source-timeout', '1m']),
      'source',
    ).limits;
    expect(limits).toEqual({ connect: 3000, idle: 60_000 });
  });

  it('reads certificates from their files, and names the option whose file is missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orthanc-options-'));
    try {
      writeFileSync(join(folder, 'ca.pem'), 'PEM');
      expect(connectionFrom(await given(['--dest-ca', join(folder, 'ca.pem')]), 'dest').tls?.ca).toBe('PEM');
      const missing = await given(['--dest-ca', join(folder, 'none.pem')]);
      expect(() => connectionFrom(missing, 'dest')).toThrow(/--dest-ca \(DEST_CA\)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes certificate and key together only', async () => {
    await expect(given(['--source-client-cert', 'x.pem'])).rejects.toThrow(
      /--source-client-key \(SOURCE_CLIENT_KEY\)/,
    );
  });

  it.each([
    [['--source-user=u'], {}, '--source-pwd (SOURCE_PWD) is required with --source-user (SOURCE_USER).'],
    [[], { DEST_PWD: 's3cret' }, '--dest-user (DEST_USER) is required with --dest-pwd (DEST_PWD).'],
    [
      ['--dest-insecure', '--dest-ca=x.pem'],
      {},
      '--dest-insecure (DEST_INSECURE) cannot be given together with --dest-ca (DEST_CA).',
    ],
  ])('refuses half of a pair, and what excludes each other: %j %j', async (argv, env, sentence) => {
    await expect(given(argv, env)).rejects.toMatchObject({ code: 'OPTIONS_INVALID', message: sentence });
  });

  it('takes a user whose password is said to be empty', async () => {
    expect((await given(['--source-user=u'], { SOURCE_PWD: '' })).sourceUser).toBe('u');
  });

  it('doubts what has no effect', async () => {
    const { doubts } = await resolveOptions(table, {
      argv: [...urls, '--dest-user=u', '--dest-pwd=p', '--dest-client-key-passphrase=x'],
      env: { DEST_API_KEY: 'key' },
    });
    expect(doubts).toEqual([
      '--dest-user (DEST_USER) has no effect: --dest-api-key (DEST_API_KEY) wins over it.',
      '--dest-client-key-passphrase (DEST_CLIENT_KEY_PASSPHRASE) has no effect without --dest-client-key (DEST_CLIENT_KEY).',
    ]);
  });

  it('keeps credentials out of the address of the server, but not of the proxy', async () => {
    await expect(given(['--source-url', 'http://doctor:secret@a:8042'])).rejects.toThrow(
      /--source-user and --source-pwd/,
    );
    const values = await given(['--source-proxy', 'http://user:word@proxy:3128']);
    expect(connectionFrom(values, 'source').proxy).toContain('user:word@proxy');
  });

  it('serves a tool with one Orthanc', async () => {
    const one = declareOptions(orthancOptions('orthanc'));
    const { values } = await resolveOptions(one, {
      argv: ['--orthanc_url=http://a:8042', '--orthanc_user', 'u'],
      env: { ORTHANC_PWD: 'p' },
    });
    expect(connectionFrom(values, 'orthanc')).toMatchObject({ url: 'http://a:8042/', user: 'u' });
  });

  it('needs no prefix where there is one Orthanc only', async () => {
    const one = declareOptions(orthancOptions('orthanc'));
    const argv = '--url=http://a:8042 --user=u --password=p --api_key=k'.split(' ');
    const { values } = await resolveOptions(one, { argv, env: {} });
    expect(connectionFrom(values, 'orthanc')).toMatchObject({ user: 'u', password: 'p', apiKey: 'k' });
    await expect(resolveOptions(table, { argv: [...urls, '--user=u'], env: {} })).rejects.toThrow('--user');
  });
});
