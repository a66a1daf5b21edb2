import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { zipSync } from 'fflate';

/** A ZIP of these members, by path. */
export const zipOf = (members: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(members).map(([name, bytes]) => [name, new Uint8Array(bytes)])));

/** A tar.gz of these members. */
export async function tarOf(members: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, bytes] of Object.entries(members)) tar.entry({ name }, Buffer.from(bytes));
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return gzipSync(Buffer.concat(pieces));
}
