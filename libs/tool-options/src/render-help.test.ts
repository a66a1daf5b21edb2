import { describe, expect, it } from '@jest/globals';
import { oneOf, toggle } from './choice-options.ts';
import { declareOptions } from './declare-options.ts';
import { count } from './number-options.ts';
import { renderHelp } from './render-help.ts';
import { renderOptionTable } from './render-option-table.ts';
import { secret, text } from './text-options.ts';
import { url } from './url-option.ts';

const table = declareOptions({
  destUrl: url({ describe: 'Where the images go.', required: true, group: 'Destination' }),
  destPwd: secret({ describe: 'Password.', group: 'Destination' }),
  destPeer: text({
    describe: 'Peer.',
    group: 'Destination',
    requiredWhen: { mode: ['Peering', 'Transfer'] },
    example: 'a|b',
  }),
  mode: oneOf(['Default', 'Peering', 'Transfer'], { describe: 'How images travel.', default: 'Default' }),
  workers: count({
    describe: 'Copies at a time.',
    default: 4,
    min: 1,
    max: 64,
    aliases: ['threads'],
    variables: ['OTHER'],
  }),
  nightOnly: toggle({ describe: 'Work at night only.' }),
  json: toggle({ describe: 'Print JSON.', flagOnly: true }),
  secretSwitch: toggle({ describe: 'Not for users.', hidden: true }),
});

const page = {
  command: 'orthanc-cloner',
  summary:
    'Copies one Orthanc into another and proves each instance, however long that may take on the line between them.',
  commands: [
    {
      name: 'status',
      summary: 'Show what is done, what waits and what was set aside; it changes nothing at all.',
    },
  ],
  examples: ['orthanc-cloner --dest-url http://b:8042'],
  notes: ['Nothing is deleted.'],
  exitCodes: [{ code: 130, meaning: 'Interrupted.' }],
};

describe('renderHelp', () => {
  it('explains each option with variable, range, default and demand, by group', () => {
    const help = renderHelp(table, page);
    expect(help).toContain('Usage: orthanc-cloner [command] [options]\n');
    expect(help).toContain(
      '\nDestination:\n  --dest-url URL\n      Where the images go. [DEST_URL; required]\n',
    );
    expect(help).toContain('[DEST_PWD or DEST_PWD_FILE]');
    expect(help).toContain('[DEST_PEER; required with --mode Peering or Transfer]');
    expect(help).toContain(
      '  --workers N\n      Copies at a time. [WORKERS or OTHER; from 1 to 64; default: 4]\n',
    );
    expect(help).toContain('  --night-only\n      Work at night only. [NIGHT_ONLY]\n');
    expect(help).toContain('  --json\n      Print JSON.\n');
    expect(help).toContain('  130  Interrupted.\n');
    expect(help.endsWith('\n\nNothing is deleted.\n')).toBe(true);
  });

  it.each([50, 80, 100])('keeps within %d columns', (width) => {
    const explained = renderHelp(table, { ...page, examples: [], width });
    expect(Math.max(...explained.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  it('shows no other spelling than the one with hyphens, and nothing hidden', () => {
    expect(renderHelp(table, page)).not.toMatch(/--\w+_|threads|secret-switch/);
  });

  it('demands nothing where nothing is demanded', () => {
    expect(renderHelp(table, { ...page, demandsRequired: false })).not.toContain('required');
  });
});

describe('renderOptionTable', () => {
  it('has one row for each option that is shown', () => {
    expect(renderOptionTable(table)).toBe(
      [
        '<!-- prettier-ignore-start -->',
        '#### Destination',
        [
          '| Option | Variable | Default | Meaning |',
          '| --- | --- | --- | --- |',
          '| `--dest-url` | `DEST_URL` | required | Where the images go. |',
          '| `--dest-pwd` | `DEST_PWD`, `DEST_PWD_FILE` |  | Password. |',
          '| `--dest-peer` | `DEST_PEER` | required with --mode Peering or Transfer | Peer. Example: `a\\|b` |',
        ].join('\n'),
        '#### Options',
        [
          '| Option | Variable | Default | Meaning |',
          '| --- | --- | --- | --- |',
          '| `--mode` | `MODE` | `Default` | How images travel. (one of Default, Peering, Transfer) |',
          '| `--workers` | `WORKERS`, `OTHER` | `4` | Copies at a time. (from 1 to 64) |',
          '| `--night-only` | `NIGHT_ONLY` |  | Work at night only. |',
          '| `--json` |  |  | Print JSON. |',
        ].join('\n'),
        '<!-- prettier-ignore-end -->',
      ].join('\n\n'),
    );
  });
});
