const mega = 1024 ** 2;
/** As Orthanc counts: 1 MB are 1,048,576 bytes. */
const units: Readonly<Record<string, number>> = { KB: 1024, MB: mega, GB: 1024 * mega, TB: mega * mega };

/** Bytes of a size such as "400GB"; undefined when it is none. */
export function parseSize(written: string): number | undefined {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]B)$/i.exec(written.trim()) ?? [];
  const factor = units[unit.toUpperCase()];
  return factor === undefined ? undefined : Math.round(Number(amount) * factor);
}
