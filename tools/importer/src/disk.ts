import * as fs from 'node:fs';
import { promisify } from 'node:util';

/** The calls by which files are looked at and read. What they give may be there at once. */
export interface Disk {
  look(path: Buffer): fs.Stats | Promise<fs.Stats>;
  /** For reading; gives a file descriptor. */
  open(path: Buffer): number | Promise<number>;
  lookAt(fd: number): fs.Stats | Promise<fs.Stats>;
  /** Reads bytes from that position on; gives how many, 0 at the end of the file. */
  read(fd: number, into: Buffer, position: number): number | Promise<number>;
  close(fd: number): void | Promise<void>;
}

/** A pipe must not make us wait for somebody to write into it. */
const forReading = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;

const directCalls: Disk = {
  look: (path) => fs.statSync(path),
  open: (path) => fs.openSync(path, forReading),
  lookAt: (fd) => fs.fstatSync(fd),
  read: (fd, into, position) => fs.readSync(fd, into, 0, into.length, position),
  close: (fd) => {
    fs.closeSync(fd);
  },
};

const [stat, open, fstat, close, read] = [
  promisify(fs.stat),
  promisify(fs.open),
  promisify(fs.fstat),
  promisify(fs.close),
  promisify(fs.read),
];

/** Never keeps anything else waiting, be the disk that of a machine that is away. */
export const threadCalls: Disk = {
  look: (path) => stat(path),
  open: (path) => open(path, forReading),
  lookAt: (fd) => fstat(fd),
  read: async (fd, into, position) => (await read(fd, into, 0, into.length, position)).bytesRead,
  close: (fd) => close(fd),
};

/** A call that took longer has waited for the disk, or for a server behind it (ms). */
const slow = 3;
/** So many calls later it is tried again. */
const patience = 500;

/**
 * Asks a disk that answers at once directly: what a thread costs is several times what such a call does, and more than
 * all else that is done for a small file. While the disk makes us wait, threads wait for it, and everything else goes on.
 */
export function openDisk(direct = directCalls, threads = threadCalls, now = () => performance.now()): Disk {
  let throughThreads = 0;
  function call<Result>(ask: (disk: Disk) => Result): Result {
    if (throughThreads > 0) {
      throughThreads -= 1;
      return ask(threads);
    }
    const began = now();
    try {
      return ask(direct);
    } finally {
      if (now() - began > slow) throughThreads = patience;
    }
  }
  return {
    look: (path) => call((disk) => disk.look(path)),
    open: (path) => call((disk) => disk.open(path)),
    lookAt: (fd) => call((disk) => disk.lookAt(fd)),
    read: (fd, into, position) => call((disk) => disk.read(fd, into, position)),
    close: (fd) => call((disk) => disk.close(fd)),
  };
}
