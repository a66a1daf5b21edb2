import type { Socket } from 'node:net';

/** Type, one byte that is reserved, and the length of what follows (DICOM PS3.8, 9.3.1). */
const headBytes = 6;

/**
 * Lets the request for an association through, and nothing that follows it: whoever asks is connected, and never answered.
 * @returns what lets all through that has come since, and from now on
 */
export function passRequestOnly(client: Socket, behind: Socket): () => void {
  let seen = Buffer.alloc(0);
  const onData = (bytes: Buffer) => {
    seen = Buffer.concat([seen, bytes]);
    if (seen.length < headBytes || seen.length < headBytes + seen.readUInt32BE(2)) return;
    client.off('data', onData).pause();
    behind.write(seen);
  };
  client.on('data', onData);
  behind.pipe(client);
  return () => {
    client.off('data', onData).pipe(behind);
  };
}
