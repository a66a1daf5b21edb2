import { glyphHeight, glyphOf, glyphWidth } from './glyphs.ts';

export interface Canvas {
  /** Little-endian 16-bit pixels. */
  readonly pixels: Buffer;
  readonly rows: number;
  readonly columns: number;
  readonly ink: number;
}

const margin = 4;

const drawCharacter = (
  canvas: Canvas,
  character: string,
  at: { x: number; y: number; scale: number },
): void => {
  const { pixels, columns, ink } = canvas;
  for (const [dotX, dotY] of glyphOf(character)) {
    for (let line = 0; line < at.scale; line += 1) {
      let offset = ((at.y + dotY * at.scale + line) * columns + at.x + dotX * at.scale) * 2;
      for (let dot = 0; dot < at.scale; dot += 1, offset += 2) {
        pixels[offset] = ink & 0xff;
        pixels[offset + 1] = ink >> 8;
      }
    }
  }
};

/** Writes lines of text into the upper left corner, as far as there is room: nothing into images smaller than a thumbnail. */
export const burnIn = (canvas: Canvas, lines: readonly string[]): void => {
  const scale = canvas.columns >= 1024 ? 3 : canvas.columns >= 400 ? 2 : 1;
  const perLine = Math.floor((canvas.columns - margin * 2) / (glyphWidth * scale));
  lines.forEach((text, line) => {
    const y = margin + line * glyphHeight * scale;
    if (y + glyphHeight * scale > canvas.rows / 2) return;
    [...text.slice(0, Math.max(0, perLine))].forEach((character, at) => {
      drawCharacter(canvas, character, { x: margin + at * glyphWidth * scale, y, scale });
    });
  });
};
