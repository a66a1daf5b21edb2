import type { ImageContent } from '../iods/iod.ts';
import { render } from './paint.ts';

/** Pictures at evenly spaced positions of the volume; drawn when first asked for, then kept. */
export type PictureStack = (instanceIndex: number, instances: number) => Buffer;

const stackDepth = 12;

interface StackSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Stacks by modality and size. Drawing a picture costs some milliseconds, copying it a tenth of one: series share the
 * pictures, and what tells their instances apart is written over the copy.
 */
export const pictureStacks = (): ((
  modality: string,
  image: ImageContent,
  size: StackSize,
) => PictureStack) => {
  const kept = new Map<string, (Buffer | undefined)[]>();
  return (modality, image, size) => {
    const key = `${modality} ${size.rows} ${size.columns}`;
    const pictures = kept.get(key) ?? [];
    kept.set(key, pictures);
    return (instanceIndex, instances) => {
      const depth = Math.floor(((instanceIndex % instances) * stackDepth) / instances);
      const position = (depth + 0.5) / stackDepth;
      return (pictures[depth] ??= render(image.paint(position), size, 0x9e3779b9 + depth * 7919));
    };
  };
};
