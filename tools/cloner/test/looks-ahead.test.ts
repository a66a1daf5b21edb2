import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type CloneReportFile, type Scene, type SceneRequest, openScene } from './clone-scene.ts';
import { openModeScene } from './mode-scene.ts';

const look = (scene: Scene, ...more: string[]) =>
  scene.run({ argv: [...scene.usualArguments, '--dry-run', ...more] });

interface Statistics {
  readonly CountInstances: number;
  readonly TotalUncompressedSize: number | string;
}

const statisticsOf = async ({ url }: { readonly url: string }): Promise<Statistics> =>
  (await (await fetch(`${url}/statistics`)).json()) as Statistics;

const dryRunIn = (report: CloneReportFile) => (report as unknown as { dryRun: unknown }).dryRun;

async function fileSizes({ url }: { readonly url: string }): Promise<number> {
  const instances = (await (await fetch(`${url}/instances?expand`)).json()) as { FileSize: number }[];
  return instances.reduce((sum, { FileSize: size }) => sum + size, 0);
}

/** Two series of five images per study. */
const small: SceneRequest = { seed: 1801, studies: 6 };

describe('a dry run', () => {
  it('tells studies, instances, bytes and time, and writes nothing anywhere', async () => {
    await using scene = await openScene(small);
    const run = await look(scene);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const told = { studies: 6, instances: 60, bytes: await fileSizes(scene.source), lookedAtStudies: 6 };
    expect(run.report.summary).toMatchObject({
      ...{ ...told, dryRun: true, mode: 'Default', alreadyThereInstances: 0 },
      expectedFrom: 'a measured reading rate',
    });
    expect(run.report.summary['expectedTimeMs']).toBeGreaterThan(0);
    expect(dryRunIn(run.report)).toMatchObject({ bytesAre: 'told', isDestinationAsked: true });
    expect((await statisticsOf(scene.destination)).CountInstances).toBe(0);
    expect(existsSync(scene.ledgerPath)).toBe(false);
    const asked = scene.toDestination.requests.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(asked.filter((request) => !request.startsWith('GET ')))).toEqual(
      new Set(['POST /tools/bulk-content']),
    );
  });

  it('counts neither what is there nor what the ledger has proved, and leaves the ledger as it is', async () => {
    await using scene = await openScene({ ...small, seed: 1802 });
    expect((await scene.run()).exitCode).toBe(0);
    const ledger = () => createHash('sha256').update(readFileSync(scene.ledgerPath)).digest('hex');
    const before = ledger();
    const again = await look(scene);
    expect(again.report.summary).toMatchObject({ studies: 0, instances: 0, bytes: 0, provedStudies: 6 });
    const [study = ''] = (await (await fetch(`${scene.destination.url}/studies`)).json()) as string[];
    await fetch(`${scene.destination.url}/studies/${study}`, { method: 'DELETE' });
    const lost = await look(scene);
    expect(lost.report.summary).toMatchObject({
      ...{ studies: 1, instances: 10, provedStudies: 0, alreadyThereInstances: 50 },
      expectedFrom: 'the last run',
    });
    // What SQLite puts beside a ledger that is read holds nothing.
    const journal = statSync(`${scene.ledgerPath}-wal`, { throwIfNoEntry: false });
    expect([ledger(), journal?.size ?? 0]).toEqual([before, 0]);
    expect((await scene.run()).report.summary).toMatchObject({ copiedInstances: 10 });
  });

  it('keeps to the filters', async () => {
    await using scene = await openScene({ ...small, seed: 1803 });
    const [study = ''] = (await (await fetch(`${scene.source.url}/studies`)).json()) as string[];
    await fetch(`${scene.source.url}/studies/${study}/labels/SEND`, { method: 'PUT' });
    const run = await look(scene, '--label=SEND');
    expect(run.report.summary).toMatchObject({ studies: 1, instances: 10, lookedAtStudies: 6 });
  });

  it('says that sizes are estimated where the source does not tell them in bulk', async () => {
    await using scene = await openScene({ ...small, seed: 1804 });
    const system = (await (await fetch(`${scene.source.url}/system`)).json()) as Record<string, unknown>;
    scene.toSource.addFault({
      effect: 'answer',
      status: 200,
      body: JSON.stringify({ ...system, Capabilities: {}, Version: '1.12.3' }),
      matching: ({ path }) => path === '/system',
    });
    // The DICOMweb plugin attaches its caches meanwhile.
    const held = async () => Number((await statisticsOf(scene.source)).TotalUncompressedSize);
    const least = await held();
    const run = await look(scene);
    expect(run.report.summary).toMatchObject({ instances: 60 });
    expect(run.report.summary['bytes']).toBeGreaterThanOrEqual(least);
    expect(run.report.summary['bytes']).toBeLessThanOrEqual(await held());
    expect(dryRunIn(run.report)).toMatchObject({ bytesAre: 'estimated' });
    expect(run.stdout).toContain('"dry_run.sizes_not_told"');
  });

  it('asks no destination that cannot be asked, and says so', async () => {
    await using scene = await openModeScene({ seed: 1805, studies: 2 });
    const argv = scene.usualArguments.filter((argument) => !argument.startsWith('--dest-url'));
    const run = await scene.run({ argv: [...argv, '--dry-run', '--mode=Dicom', '--dest-dicom=destination'] });
    expect(run).toMatchObject({ exitCode: 0, report: { summary: { mode: 'Dicom', instances: 20 } } });
    expect(dryRunIn(run.report)).toMatchObject({ isDestinationAsked: false });
    expect(run.stdout).toContain('"dry_run.destination_not_asked"');
    expect(await scene.received()).toBe(0);
  });
});
