import type { DockerEngine } from './docker-engine.ts';

type EngineContainer = ReturnType<DockerEngine['getContainer']>;

/** Everything that a container has written, over all its runs. */
export async function readContainerLog(container: EngineContainer): Promise<string> {
  return joinFrames(await container.logs({ stdout: true, stderr: true, follow: false }));
}

/** The engine sends both streams in frames: one byte of kind, three of nothing, four of length. */
export function joinFrames(frames: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= frames.length;) {
    const length = frames.readUInt32BE(at + 4);
    parts.push(frames.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString();
}
