import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownershipLabels } from './container-labels.ts';
import { hostOfContainers } from './container-orthanc.ts';
import { connectEngine } from './docker-engine.ts';
import { hasImage, importRoot } from './engine-images.ts';
import { freePort } from './free-ports.ts';
import { withMachineLock } from './machine-lock.ts';
import { startNativePostgres } from './native-postgres.ts';
import type { OrthancConfiguration } from './running-orthanc.ts';
import type { TestbedProvider } from './testbed.ts';
import { recipeHash, unpackedRoot } from './unpacked-root.ts';

/** A PostgreSQL server for the indexes of Orthancs. Disposing of it removes its data. */
export interface RunningPostgres extends AsyncDisposable {
  /** What makes an Orthanc keep its index in that database. */
  indexIn(database: string): OrthancConfiguration;
}

const folder = fileURLToPath(new URL('../../../docker/postgresql/', import.meta.url));
const recipe = join(folder, 'unpack-postgresql.sh');
const launcher = join(folder, 'launch-postgresql.sh');
const packages = join(folder, '../unpack-packages.sh');
const suite = 'trixie';

/** Whether a PostgreSQL can be had: natively it must be installed, as it cannot be started from an unpacked folder. */
export const canStartPostgres = (provider: TestbedProvider): boolean =>
  provider === 'containers' || (existsSync(installed) && readdirSync(installed).length > 0);

const installed = '/usr/lib/postgresql';

/** Starts a PostgreSQL with empty databases, beside the Orthancs of that provider. */
export async function startPostgres(
  provider: TestbedProvider,
  databases: readonly string[],
): Promise<RunningPostgres> {
  if (provider === 'containers') return await startContainerPostgres(databases);
  const port = await freePort();
  const server = await startNativePostgres({ launcher, port, databases });
  return running({ host: '127.0.0.1', port }, () => server.end());
}

async function startContainerPostgres(databases: readonly string[]): Promise<RunningPostgres> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const image = await postgresImage();
  const port = await freePort();
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: 5432, host: port })
    .withEnvironment({ DATABASES: databases.join(' ') })
    .withLabels(ownershipLabels())
    .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections'))
    .withStartupTimeout(60_000)
    .start();
  return running({ host: hostOfContainers, port }, async () => {
    await container.stop({ remove: true, removeVolumes: true });
  });
}

interface Place {
  readonly host: string;
  readonly port: number;
}

const running = ({ host, port }: Place, end: () => Promise<void>): RunningPostgres => ({
  indexIn: (database) => ({
    PostgreSQL: {
      EnableIndex: true,
      EnableStorage: false,
      Host: host,
      Port: port,
      Database: database,
      Username: 'orthanc',
      Password: '',
    },
  }),
  [Symbol.asyncDispose]: end,
});

/** The image of a PostgreSQL for tests, built from Debian packages, once. @returns its name */
export async function postgresImage(): Promise<string> {
  const engine = await connectEngine();
  const version = `${suite}-${recipeHash([recipe, launcher, packages])}`;
  const tag = `orthanc-tools/postgresql:${version}`;
  if (await hasImage(engine, tag)) return tag;
  return await withMachineLock(join(tmpdir(), 'orthanc-testbed-postgresql.lock'), async () => {
    if (await hasImage(engine, tag)) return tag;
    const root = await unpackedRoot({
      name: 'postgresql',
      tag: version,
      script: recipe,
      suite,
      failure: { code: 'POSTGRESQL_NOT_AVAILABLE', subject: 'PostgreSQL' },
    });
    const added = ['--directory', dirname(launcher), basename(launcher)];
    const changes = [`ENTRYPOINT ["/bin/sh", "/${basename(launcher)}"]`, 'USER postgres', 'EXPOSE 5432'];
    await importRoot(engine, { root, added, tag, changes });
    return tag;
  });
}
