import { isUtf8 } from 'node:buffer';

/**
 * The key of a file: its path below the folder as text. A name may be any bytes; those that are no UTF-8 are written as
 * `\xNN`, and a backslash as two, so that every key leads back to its file. So is a zero byte, which may stand in the
 * name of a member of an archive: of a text, Node 22 gets back from SQLite only what stands before it.
 */
export function keyOf(path: Buffer): string {
  if (isUtf8(path) && !path.includes(0x5c) && !path.includes(0)) return path.toString('utf8');
  let key = '';
  for (let at = 0; at < path.length;) {
    const length = lengthOfCharacter(path, at);
    if (path[at] === 0x5c) key += '\\\\';
    else if (length === 0 || path[at] === 0) key += `\\x${(path[at] ?? 0).toString(16).padStart(2, '0')}`;
    else key += path.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return key;
}

/** Of the character that begins there; 0 where none does. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1)
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  return 0;
}

/** The path below the folder that has this key. */
export function pathOf(key: string): Buffer {
  const pieces = key.split(/(\\\\|\\x[0-9a-f]{2})/);
  return Buffer.concat(
    pieces.map((piece) => {
      if (piece === '\\\\') return Buffer.from('\\');
      return /^\\x[0-9a-f]{2}$/.test(piece) ? Buffer.from(piece.slice(2), 'hex') : Buffer.from(piece);
    }),
  );
}

/** The key, or the path in an archive, of the folder in which something lies. */
export const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

/** The keys of the folders in which it lies, the outermost first. */
export function foldersAbove(key: string): string[] {
  const names = key.split('/').slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join('/'));
}

const slash = Buffer.from('/');

export const below = (folder: Buffer, path: Buffer): Buffer =>
  path.length === 0 ? folder : Buffer.concat([folder, slash, path]);
