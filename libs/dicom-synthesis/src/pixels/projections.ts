import { ellipse } from './paint.ts';
import type { Painting } from './paint.ts';

/** A chest as an X-ray shows it: bright is what absorbs. */
export const chestProjection = (): Painting => ({
  background: 300,
  noise: 40,
  shapes: [
    ellipse({ x: 0, y: 0.12, rx: 0.86, ry: 1, value: 1900 }),
    ellipse({ x: 0, y: -0.9, rx: 0.3, ry: 0.35, value: 2100 }),
    ellipse({ x: -0.4, y: 0, rx: 0.3, ry: 0.68, value: 900 }),
    ellipse({ x: 0.4, y: 0, rx: 0.3, ry: 0.68, value: 900 }),
    ...[-0.45, -0.25, -0.05, 0.15, 0.35].flatMap((y) => [
      ellipse({ x: -0.4, y, rx: 0.3, ry: 0.02, value: 1300 }),
      ellipse({ x: 0.4, y, rx: 0.3, ry: 0.02, value: 1300 }),
    ]),
    ellipse({ x: 0, y: 0, rx: 0.1, ry: 0.95, value: 2700 }),
    ellipse({ x: 0.14, y: 0.3, rx: 0.24, ry: 0.3, value: 2300 }),
    ellipse({ x: -0.4, y: 0.8, rx: 0.34, ry: 0.26, value: 2500 }),
    ellipse({ x: 0.4, y: 0.84, rx: 0.32, ry: 0.24, value: 2400 }),
  ],
});

/** A breast against the edge of the detector, with gland and calcifications. */
export const breastProjection = (): Painting => ({
  background: 60,
  noise: 30,
  shapes: [
    ellipse({ x: -1, y: 0, rx: 1.3, ry: 0.8, value: 1300 }),
    ellipse({ x: -0.8, y: 0, rx: 0.85, ry: 0.55, value: 1900 }),
    ellipse({ x: -0.5, y: 0.15, rx: 0.3, ry: 0.22, value: 2500 }),
    ellipse({ x: -0.45, y: 0.1, rx: 0.03, ry: 0.03, value: 3600 }),
    ellipse({ x: -0.38, y: 0.18, rx: 0.02, ry: 0.02, value: 3600 }),
    ellipse({ x: 0.28, y: 0, rx: 0.05, ry: 0.06, value: 2000 }),
  ],
});
