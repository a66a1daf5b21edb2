import type { ImageContent } from '../iods/iod.ts';
import { render } from './paint.ts';

/** Pictures at evenly spaced positions of the volume; drawn when first asked for, then kept as long as there is room. */
export type PictureStack = (instanceIndex: number, instances: number) => Buffer;

const stackDepth = 12;

interface StackSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Stacks by modality and size. Drawing a picture costs some milliseconds, copying it a tenth of one: series share the
 * pictures, and what tells their instances apart is written over the copy. What nobody has asked for the longest is drawn
 * anew when it is asked for again, and comes out the same.
 * @param mostKept bytes, besides the picture that was asked for last
 */
export const pictureStacks = (
  mostKept = 64 * 1024 * 1024,
): ((modality: string, image: ImageContent, size: StackSize) => PictureStack) => {
  const kept = keptPictures(mostKept);
  return (modality, image, size) => (instanceIndex, instances) => {
    const depth = Math.floor(((instanceIndex % instances) * stackDepth) / instances);
    const position = (depth + 0.5) / stackDepth;
    const key = `${modality} ${size.rows} ${size.columns} ${depth}`;
    return kept(key, () => render(image.paint(position), size, 0x9e3779b9 + depth * 7919));
  };
};

const keptPictures = (mostKept: number): ((key: string, draw: () => Buffer) => Buffer) => {
  const pictures = new Map<string, Buffer>();
  let bytes = 0;
  return (key, draw) => {
    const picture = pictures.get(key) ?? draw();
    bytes += pictures.delete(key) ? 0 : picture.length;
    for (const [oldest, { length }] of pictures) {
      if (bytes <= mostKept) break;
      pictures.delete(oldest);
      bytes -= length;
    }
    pictures.set(key, picture);
    return picture;
  };
};
