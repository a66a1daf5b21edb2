import { orderText } from './order-text.ts';

/** Numbers in [0, 1). */
export type Random = () => number;

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const framed = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.of(0x0b), bytes, Buffer.of(0x1c, 0x0d)]);
const noise = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: below(random, most) }, () => below(random, 256)));

/**
 * Nine digits and none of them 0, which the four or five digits of each sound order have: no separator that damage puts
 * behind some of them makes the number of a sound order, and so the UID of its study, out of them.
 */
function anOrder(random: Random): Buffer {
  const id = String(111_111_111 + below(random, 1000)).replaceAll('0', '9');
  return Buffer.from(orderText({ id, name: `Name${id}^Anna`, date: '20200115' }));
}

/** An order of which bytes were changed, left out and put in. */
function damaged(random: Random): Buffer {
  const bytes = [
    ...(random() < 0.2
      ? Buffer.concat([anOrder(random), Buffer.of(0x0d), anOrder(random)])
      : anOrder(random)),
  ];
  for (let left = below(random, 12); left > 0; left -= 1) {
    const kind = below(random, 3);
    bytes.splice(
      below(random, bytes.length),
      kind === 0 ? 0 : 1,
      ...(kind === 2 ? [] : [below(random, 256)]),
    );
  }
  return Buffer.from(bytes);
}

const kinds: readonly ((random: Random) => Buffer)[] = [
  (random) => framed(damaged(random)),
  (random) => framed(damaged(random)),
  (random) => framed(noise(random, 400)),
  (random) => noise(random, 60),
  (random) => framed(framed(anOrder(random))),
  (random) => framed(anOrder(random)).subarray(0, below(random, 300)),
];

/** Up to twenty frames, damaged frames, and bytes between them, cut wherever it happens. */
export function someFrames(random: Random): readonly Buffer[] {
  const whole = Buffer.concat(
    Array.from({ length: 1 + below(random, 20) }, () =>
      (kinds[below(random, kinds.length)] ?? damaged)(random),
    ),
  );
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length;) {
    const size = 1 + below(random, random() < 0.1 ? 8 : 3000);
    pieces.push(whole.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
