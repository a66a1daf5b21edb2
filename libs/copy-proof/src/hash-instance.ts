import { createHash } from 'node:crypto';
import { type Readable, type SizedFile, wholeFile } from './read-whole-file.ts';

/**
 * MD5 of the file as the server hands it out; streamed, whatever its size. For what no stored MD5 can decide.
 * @throws transient `FILE_OF_ANOTHER_SIZE` where it is not as large as it is known to be
 */
export async function hashInstance(
  orthanc: Readable,
  file: SizedFile,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('md5');
  for await (const piece of wholeFile(orthanc, file, signal)) hash.update(piece);
  return hash.digest('hex');
}

type FileAt = readonly [Readable, SizedFile];

/**
 * Whether both servers hand out the same bytes, for files that they say are so large.
 * @throws transient `FILE_OF_ANOTHER_SIZE` where one of them does not hand out all of it
 */
export async function haveSameContent(here: FileAt, there: FileAt, signal?: AbortSignal): Promise<boolean> {
  const [ours, theirs] = await Promise.all([hashInstance(...here, signal), hashInstance(...there, signal)]);
  return ours === theirs;
}
