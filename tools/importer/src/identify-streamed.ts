import type { Content } from './content.ts';
import { identifyFurther } from './identify.ts';
import { chain, readUpTo } from './pieces.ts';

/** Of what comes as a stream so much is read, and held until it is read again, as tells whose it is. */
export async function identifyStreamed(content: Content): Promise<Content> {
  const { head, isWhole, isSizeUnknown, size } = content;
  if (isWhole) return content;
  const held: Buffer[] = [];
  let [rest, length]: [AsyncIterator<Buffer> | undefined, number] = [undefined, 0];
  const readTo = async (least: number): Promise<Buffer> => {
    rest ??= content.body()[Symbol.asyncIterator]();
    held.push(await readUpTo(rest, least - length));
    const all = Buffer.concat(held);
    length = all.length;
    return all;
  };
  await identifyFurther(head, { size: isSizeUnknown === true ? Infinity : size, readTo });
  return rest === undefined ? content : goingOn(content, held, rest);
}

function goingOn(content: Content, held: readonly Buffer[], rest: AsyncIterator<Buffer>): Content {
  const { head, isSizeUnknown, size } = content;
  const body = () => chain(held, { [Symbol.asyncIterator]: () => rest });
  if (isSizeUnknown !== true) return { head, isWhole: false, size, body };
  return {
    head,
    isWhole: false,
    isSizeUnknown,
    get size() {
      return content.size;
    },
    body,
  };
}
