import { BlockList, isIP } from 'node:net';

/** An IPv4 address that a socket for both families shows as `::ffff:10.0.0.1`. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

interface AddressRange {
  readonly address: string;
  readonly prefix: number;
}

function rangeIn(written: string): AddressRange | undefined {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(written.trim()) ?? [];
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const length = prefix === undefined ? longest : Number(prefix);
  return longest < 0 || length > longest ? undefined : { address, prefix: length };
}

/** Whether the text is an address (`10.0.0.1`, `::1`) or a range of addresses (`10.0.0.0/8`). */
export const isAddressRange = (written: string): boolean => rangeIn(written) !== undefined;

/** Tells which addresses belong to the ranges; without ranges, every address does. */
export function addressList(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => true;
  const list = new BlockList();
  for (const written of ranges) {
    const range = rangeIn(written);
    if (range === undefined) throw new TypeError(`"${written}" is no address and no range of addresses`);
    list.addSubnet(range.address, range.prefix, familyOf(range.address));
  }
  return (address) => {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
  };
}
