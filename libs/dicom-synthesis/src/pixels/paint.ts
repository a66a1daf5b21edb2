/** Coordinates and radii in halves of the picture, from -1 to 1; `z`, `rz` and `at` let a shape wax and wane through the volume. */
export interface EllipseSettings {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly value: number;
  readonly z?: number;
  readonly rz?: number;
  readonly at?: number;
}

export interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly value: number;
}

/** What is to be seen in one picture; later shapes cover earlier ones. */
export interface Painting {
  readonly background: number;
  /** The largest deviation of a pixel from its shape's value. */
  readonly noise: number;
  readonly shapes: readonly Ellipse[];
}

/** An ellipse, or the section of an ellipsoid. */
export const ellipse = ({ x, y, rx, ry, value, z = 0, rz = 1, at = z }: EllipseSettings): Ellipse => {
  const distance = (at - z) / rz;
  // Square roots are exact on every machine (IEEE 754), sines are not.
  const scale = Math.sqrt(Math.max(0, 1 - distance * distance));
  return { x, y, rx: rx * scale, ry: ry * scale, value };
};

const fillEllipse = (pixels: Uint16Array, columns: number, shape: Ellipse): void => {
  const rows = pixels.length / columns;
  const top = Math.max(0, Math.floor(((shape.y - shape.ry + 1) * rows) / 2));
  const bottom = Math.min(rows, Math.ceil(((shape.y + shape.ry + 1) * rows) / 2));
  for (let row = top; row < bottom; row += 1) {
    const height = ((row + 0.5) * 2) / rows - 1 - shape.y;
    const inside = 1 - (height * height) / (shape.ry * shape.ry);
    if (inside <= 0) continue;
    const half = shape.rx * Math.sqrt(inside);
    const left = Math.max(0, Math.ceil(((shape.x - half + 1) * columns) / 2 - 0.5));
    const right = Math.min(columns, Math.floor(((shape.x + half + 1) * columns) / 2 + 0.5));
    pixels.fill(shape.value, row * columns + left, row * columns + Math.max(left, right));
  }
};

const addNoise = (pixels: Uint16Array, amplitude: number, seed: number): void => {
  let state = seed | 1;
  const range = amplitude * 2 + 1;
  for (let at = 0; at < pixels.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // Two draws summed: most pixels deviate little.
    const deviation = (((state & 0xffff) * range) >>> 17) + (((state >>> 16) * range) >>> 17) - amplitude;
    pixels[at] = Math.max(0, (pixels[at] ?? 0) + deviation);
  }
};

/** Little-endian 16-bit pixels. The same painting, size and seed give the same bytes everywhere. */
export const render = (painting: Painting, size: { rows: number; columns: number }, seed: number): Buffer => {
  const pixels = new Uint16Array(size.rows * size.columns).fill(painting.background);
  for (const shape of painting.shapes) fillEllipse(pixels, size.columns, shape);
  addNoise(pixels, painting.noise, seed);
  const bytes = Buffer.from(pixels.buffer);
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? bytes : bytes.swap16();
};
