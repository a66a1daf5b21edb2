import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oneOf, toggle } from './choice-options.ts';
import { declareOptions } from './declare-options.ts';
import { headerList, textList } from './list-options.ts';
import { resolveOptions } from './resolve-options.ts';
import { configFile, secret, text } from './text-options.ts';

const table = declareOptions({
  destUser: text({ describe: '' }),
  destPwd: secret({ describe: '' }),
  destHeaders: headerList({ describe: '' }),
  labels: textList({ describe: '' }),
  runSchedule: text({ describe: '' }),
  mode: oneOf(['Default', 'Peering'], { describe: '', default: 'Default' }),
  deleteFromSource: toggle({ describe: '' }),
  config: configFile({ describe: '' }),
});

const resolve = (content: string, env: Record<string, string> = {}) =>
  resolveOptions(table, {
    argv: ['--config', '/etc/t.yml'],
    env,
    readTextFile(path) {
      if (path === '/run/pwd') return 's3cret\r\n';
      if (path === '/etc/t.yml') return content;
      throw Object.assign(new Error(`ENOENT, open '${path}'`), { code: 'ENOENT' });
    },
  });

const valuesOf = async (content: string) => (await resolve(content)).values;

describe('the configuration file', () => {
  it.each(['destUser: a', 'dest-user: a', 'dest_user: a', 'DEST_USER: a', '{"destUser": "a"}'])(
    'knows the key in any spelling: %s',
    async (content) => {
      expect((await valuesOf(content)).destUser).toBe('a');
    },
  );

  it.each([
    ['dest-user: 007', '007'],
    ['dest-user: 1e3', '1e3'],
    ['dest-user: yes', 'yes'],
    ['dest-user: 2026-01-01', '2026-01-01'],
    ['dest-user: "a # b"', 'a # b'],
  ])('takes a value as it is written: %s', async (content, value) => {
    expect((await valuesOf(content)).destUser).toBe(value);
  });

  it.each(['', '# nothing', 'dest-user:', 'dest-user: ~', '{"destUser": null}'])(
    'takes nothing for not given: "%s"',
    async (content) => {
      expect((await valuesOf(content)).destUser).toBeUndefined();
    },
  );

  it('reads lists, objects and switches', async () => {
    const values = await valuesOf(
      'labels: [a, b]\ndest-headers: { X-A: 1, X-B: b }\ndelete-from-source: true\nrun-schedule:\n  Monday: ["0-7"]\n',
    );
    expect(values.labels).toEqual(['a', 'b']);
    expect(values.destHeaders).toEqual({ 'X-A': '1', 'X-B': 'b' });
    expect(values.deleteFromSource).toBe(true);
    expect(values.runSchedule).toBe('{"Monday":["0-7"]}');
  });

  it('may name the file of a secret', async () => {
    expect((await valuesOf('dest-pwd-file: /run/pwd')).destPwd).toBe('s3cret');
  });

  it('may itself be named by the variable', async () => {
    const { values, origins } = await resolveOptions(table, {
      argv: [],
      env: { CONFIG: '/etc/t.yml' },
      readTextFile: () => 'mode: peering',
    });
    expect([values.mode, origins['mode']]).toEqual(['Peering', 'file']);
  });

  it.each([
    ['dest-usr: a', 'holds "dest-usr", which is not an option. Did you mean dest-user?'],
    ['config: x', 'holds "config", which is not an option.'],
    ['dest-user: a\ndest_user: b', 'gives --dest-user (DEST_USER) twice'],
    ['a: b: s3cret', 'is neither YAML nor JSON'],
    ['a: 1\na: 2', 'is neither YAML nor JSON: DUPLICATE_KEY in line 2'],
    ['- a', 'must hold one option per line'],
    ['mode: s', '--mode (MODE) must be Default or Peering, not "s"'],
    [
      'dest-pwd-file: /none',
      '--dest-pwd (DEST_PWD): the file "/none" that dest-pwd-file names cannot be read: ENOENT',
    ],
  ])('refuses %j with one sentence and no secret', async (content, sentence) => {
    const failure = resolve(content);
    await expect(failure).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
    await expect(failure).rejects.toThrow(sentence);
    await expect(failure).rejects.not.toThrow('s3cret');
  });

  it('refuses a file that is not there', async () => {
    await expect(resolveOptions(table, { argv: ['--config=/none/of/this.yml'], env: {} })).rejects.toThrow(
      '--config (CONFIG): the file "/none/of/this.yml" cannot be read: ENOENT.',
    );
  });

  it('meets any content with options or one configuration failure', async () => {
    const content = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string().map((end) => `dest-user: ${end}`),
    );
    await fc.assert(
      fc.asyncProperty(content, async (written) => {
        const failure: unknown = await resolve(written).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure !== undefined) expect(failure).toMatchObject({ code: 'OPTIONS_INVALID' });
      }),
    );
  });
});
