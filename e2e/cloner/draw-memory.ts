export interface MemorySample {
  /** Since the beginning. */
  readonly seconds: number;
  readonly bytes: number;
}

const [width, height, margin] = [800, 300, 40];
const mostMegabytes = 250;

/** Memory over time, as an SVG. Pure. */
export function drawMemory(samples: readonly MemorySample[]): string {
  const last = samples.at(-1)?.seconds ?? 1;
  const x = (seconds: number) => margin + (seconds / last) * (width - 2 * margin);
  const y = (megabytes: number) => height - margin - (megabytes / mostMegabytes) * (height - 2 * margin);
  const points = samples.map(({ seconds, bytes }) => `${x(seconds).toFixed(1)},${y(bytes / 1e6).toFixed(1)}`);
  const lines = [0, 50, 100, 150, 200, 250].map(
    (at) =>
      `<line x1="${String(margin)}" x2="${String(width - margin)}" y1="${String(y(at))}" y2="${String(y(at))}" stroke="#ccc"/>` +
      `<text x="4" y="${String(y(at) + 4)}">${String(at)} MB</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" font-family="sans-serif" font-size="11">`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...lines,
    `<text x="${String(width - margin)}" y="${String(height - 12)}" text-anchor="end">${(last / 60).toFixed(0)} minutes</text>`,
    `<polyline fill="none" stroke="#06c" stroke-width="1.5" points="${points.join(' ')}"/>`,
    '</svg>',
    '',
  ].join('\n');
}
