import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurationError } from '@orthanc-tools/failures';
import { ownershipLabels } from './container-labels.ts';
import { connectEngine } from './docker-engine.ts';
import { engineFinished, oneImageAtATime, packFiles, removeImage } from './engine-images.ts';
import { nodeImage } from './node-image.ts';

/** Disposing of it removes it from the engine; the base image stays. */
export interface ToolImage extends AsyncDisposable {
  readonly name: string;
  /** What it is larger than its base. */
  readonly addedBytes: number;
  /** As the image has it: `uid:gid`. */
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * The image of a tool, by docker/Dockerfile, from what `npm run build` has made.
 * @throws configurationError TOOL_NOT_BUILT
 */
export async function buildToolImage(
  tool: string,
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<ToolImage> {
  if (!existsSync(join(root, 'tools', tool, 'dist')))
    throw configurationError('TOOL_NOT_BUILT', `tools/${tool} is not built yet: run "npm run build".`);
  const engine = await connectEngine();
  const { version } = JSON.parse(readFileSync(join(root, 'tools', tool, 'package.json'), 'utf8')) as {
    version: string;
  };
  const name = `orthanc-tools/${tool}:testbed-${randomUUID().slice(0, 8)}`;
  const base = await nodeImage(engine, say);
  await oneImageAtATime(async () => {
    const progress = await engine.buildImage(contextOf(tool), {
      t: name,
      dockerfile: 'docker/Dockerfile',
      buildargs: { TOOL: tool, VERSION: version, BASE_IMAGE: base },
      labels: ownershipLabels(),
      forcerm: true,
    });
    await engineFinished(progress);
  });
  const [made, below] = await Promise.all([name, base].map((one) => engine.getImage(one).inspect()));
  if (made === undefined || below === undefined) throw new Error(`${name} was not built.`);
  return {
    name,
    addedBytes: made.Size - below.Size,
    user: made.Config.User,
    labels: made.Config.Labels,
    [Symbol.asyncDispose]: () => removeImage(engine, name),
  };
}

/** What .dockerignore leaves of the repository, and of its tools this one only. */
function contextOf(tool: string): NodeJS.ReadableStream {
  const docker = ['Dockerfile', 'launch-tool.mjs', 'check-health.mjs'].map((name) => `docker/${name}`);
  const parts = ['package.json', 'bin', 'dist'].map((name) => `tools/${tool}/${name}`);
  return packFiles(['--exclude=*.map', '--exclude=*.d.mts', '--directory', root, ...docker, ...parts]);
}
