import { configurationError } from '@orthanc-tools/failures';
import { nameOf, parseSize } from '@orthanc-tools/tool-options';

/** Per cent of "85%"; undefined when it is none between 1 and 100. */
export function parsePercent(written: string): number | undefined {
  const [, amount = ''] = /^(\d+(?:\.\d+)?)\s*%$/.exec(written.trim()) ?? [];
  const percent = Number(amount);
  return amount !== '' && percent >= 1 && percent <= 100 ? percent : undefined;
}

/** Sizes in bytes. */
export interface DiskLimit {
  /** From here on the inbox is nearly full. */
  readonly threshold: number;
  readonly capacity: number | undefined;
}

interface Said {
  readonly diskThreshold: string | undefined;
  readonly diskCapacity: string | undefined;
  /** `MaximumStorageSize` of the inbox, in bytes; 0 or undefined: it has none, or does not tell. */
  readonly ownMaximum: number | undefined;
}

/**
 * What was ordered, in bytes; undefined when nothing was. Orthanc tells how much it holds, and never how much room there
 * is on its disk.
 * @throws configuration `DISK_CAPACITY_UNKNOWN` for a percentage of nobody knows what
 */
export function diskLimit({ diskThreshold, diskCapacity, ownMaximum = 0 }: Said): DiskLimit | undefined {
  if (diskThreshold === undefined) return undefined;
  const said = diskCapacity === undefined ? undefined : parseSize(diskCapacity);
  const capacity = said ?? (ownMaximum > 0 ? ownMaximum : undefined);
  const size = parseSize(diskThreshold);
  if (size !== undefined) return { threshold: size, capacity };
  if (capacity === undefined)
    throw configurationError(
      'DISK_CAPACITY_UNKNOWN',
      `${nameOf('diskThreshold')} = ${diskThreshold}: of how much? The inbox has no MaximumStorageSize, and Orthanc does not tell the size of its disk. Give ${nameOf('diskCapacity')}, or a size such as 400GB.`,
    );
  return { threshold: (capacity * (parsePercent(diskThreshold) ?? 100)) / 100, capacity };
}
