import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '@orthanc-tools/telemetry';
import { toolNames } from '../command/tool-names.ts';
import { publishedPorts, toolServices } from './compose-services.ts';
import { repository } from './read-pages.ts';

const folder = join(repository, 'docker/compose');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .toSorted();
const read = (path: string) => readFile(join(repository, path), 'utf8');

/** What a server that all have in common knows; no option of a tool. */
const ofTheSystem = ['TZ'];

/** Started again for its exit code, it would search all of its source again, without end. */
const endsByItself = (tool: string, environment: Readonly<Record<string, string>>): boolean =>
  ['migrator', 'comparator', 'importer', 'populator'].includes(tool) || environment['DRY_RUN'] === 'true';

/** Debian's. */
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

describe('the compose files', () => {
  it('are there for each tool, and for all together', () => {
    expect(files).toEqual([...toolNames, 'full'].toSorted().map((name) => `${name}.yml`));
  });

  it.each(files)('%s names only variables that its tools have', async (file) => {
    const services = toolServices(await read(`docker/compose/${file}`));
    expect(services.length).toBeGreaterThan(0);
    for (const { tool, environment } of services) {
      const readme = await read(`tools/${tool}/README.md`);
      const unknown = Object.keys(environment).filter((name) => !readme.includes(`\`${name}\``));
      expect(unknown.filter((name) => !ofTheSystem.includes(name))).toEqual([]);
    }
  });

  it.each(files)('%s starts again what runs for ever, and nothing that ends by itself', async (file) => {
    for (const { tool, environment, restart } of toolServices(await read(`docker/compose/${file}`)))
      expect([tool, restart]).toEqual([
        tool,
        endsByItself(tool, environment) ? 'no' : expect.stringMatching(/^(on-failure|unless-stopped)$/),
      ]);
  });

  it.each(files)(
    '%s takes no port that cannot be changed, and the page tells which variable does',
    async (file) => {
      const readme = await read('docker/compose/README.md');
      const published = publishedPorts(await read(`docker/compose/${file}`));
      expect(published.length).toBeGreaterThan(0);
      for (const port of published) {
        const [, name = '', usual = ''] = /^(?:127\.0\.0\.1:)?\$\{(\w+):-(\d+)\}:\d+$/.exec(port) ?? [];
        expect([port, readme]).toEqual([
          port,
          expect.stringMatching(new RegExp(`\`${name}\`.*\\b${usual}\\b`)),
        ]);
        expect(name).toMatch(/_PORT(_\d)?$/);
      }
      expect(new Set(published).size).toBe(published.length);
    },
  );

  (has('docker-compose') ? it : it.skip).each(files)('%s is one to Compose', (file) => {
    const { status, stderr } = spawnSync('docker-compose', ['-f', join(folder, file), 'config', '-q'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });
});

const rows = /^# HELP (\S+) (.+)\n# TYPE \S+ (\w+)$/gm;

async function metricsOfCode(): Promise<string[]> {
  const text = await (await createMetrics('any')).text();
  return Array.from(text.matchAll(rows), ([, name, help, kind]) => [name, kind, help].join(' | ')).toSorted();
}

describe('the metrics', () => {
  it('are all told in the operations page, and no others', async () => {
    const [, table = ''] =
      /<!-- metrics:start -->([\s\S]*)<!-- metrics:end -->/.exec(await read('docs/operations.md')) ?? [];
    const told = Array.from(
      table.matchAll(/^\| `(\w+)`\s*\| (\w+)\s*\|[^|]*\| (.+?)\s*\|$/gm),
      ([, name, kind, help]) => [name, kind, help].join(' | '),
    );
    expect(told.toSorted()).toEqual(await metricsOfCode());
  });

  it.each(['prometheus/alerts.yml', 'grafana/dashboards/orthanc-tools.json'])(
    'of %s are there',
    async (file) => {
      const known = (await metricsOfCode()).map((row) => row.split(' ')[0]);
      const used = (await read(`docker/compose/${file}`)).match(/orthanc_tool_\w+/g) ?? [];
      expect(used.length).toBeGreaterThan(3);
      expect(used.filter((name) => !known.includes(name.replace(/_bucket$/, '')))).toEqual([]);
    },
  );

  (has('promtool') ? it : it.skip)('and alerts are such to Prometheus', () => {
    const { status, stdout, stderr } = spawnSync(
      'promtool',
      ['check', 'config', join(folder, 'prometheus/prometheus.yml')],
      { encoding: 'utf8' },
    );
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
  });
});
