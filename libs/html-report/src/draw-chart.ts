import { escapeText, inDigits } from './escape.ts';
import type { ReportChart } from './report-page.ts';

const width = 960;
const height = 240;
/** Room for the numbers at the left and the labels below. */
const frame = { left: 56, right: 8, top: 12, bottom: 30 };
const plot = { width: width - frame.left - frame.right, height: height - frame.top - frame.bottom };
const widestBar = 48;
/** So that one missing study among thousands can be seen. */
const lowestPart = 2;
const gapBetweenLabels = 12;

/** The chart as one SVG element that needs nothing from outside. Pure. */
export function drawChart({ heading, parts, bars }: ReportChart): string {
  const top = niceTop(Math.max(1, ...bars.map(({ values }) => sumOf(values))));
  const step = plot.width / Math.max(1, bars.length);
  const drawn = bars.map(({ label, values }, at) => {
    const tones = partClasses(parts);
    const title = `${label}: ${parts.map((part, index) => `${part.title} ${inDigits(values[index] ?? 0)}`).join(', ')}`;
    const piled = pile({ values, tones, top, left: frame.left + at * step, step });
    return `<g><title>${escapeText(title)}</title>${piled}</g>`;
  });
  return [
    `<svg viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${escapeText(heading)}">`,
    grid(top),
    ...drawn,
    labelsBelow(
      bars.map(({ label }) => label),
      step,
    ),
    '</svg>',
  ].join('');
}

/** Parts of one tone are told apart by how strong it is. */
export const partClasses = (parts: ReportChart['parts']): string[] =>
  parts.map(({ tone }, at) => {
    const before = parts.slice(0, at).filter((part) => part.tone === tone).length;
    return before === 0 ? tone : `${tone} shade-${String(Math.min(before, 3))}`;
  });

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The next of 1, 2, 5, 10, 20, 50 …: so that the half of it is a number that can be written. */
function niceTop(highest: number): number {
  const power = 10 ** Math.floor(Math.log10(highest));
  return ([1, 2, 5, 10].find((factor) => factor * power >= highest) ?? 10) * power;
}

interface Pile {
  readonly values: readonly number[];
  readonly tones: readonly string[];
  readonly top: number;
  readonly left: number;
  readonly step: number;
}

function pile({ values, tones, top, left, step }: Pile): string {
  const barWidth = Math.min(widestBar, step * 0.8);
  const x = left + (step - barWidth) / 2;
  let bottom = frame.top + plot.height;
  return values
    .map((value, at) => {
      if (value <= 0) return '';
      const tall = Math.max(lowestPart, (value / top) * plot.height);
      bottom -= tall;
      return `<rect class="${tones[at] ?? 'quiet'}" x="${rounded(x)}" y="${rounded(bottom)}" width="${rounded(barWidth)}" height="${rounded(tall)}"/>`;
    })
    .join('');
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

function grid(top: number): string {
  const lines = (top >= 2 ? [0, 0.5, 1] : [0, 1]).map((share) => {
    const y = rounded(frame.top + plot.height * (1 - share));
    const number = `<text class="scale" x="${String(frame.left - 8)}" y="${y}" dy="4" text-anchor="end">${inDigits(top * share)}</text>`;
    return `<line x1="${String(frame.left)}" x2="${String(width - frame.right)}" y1="${y}" y2="${y}"/>${number}`;
  });
  return lines.join('');
}

/** As many labels as there is room for, none over another. */
function labelsBelow(labels: readonly string[], step: number): string {
  const longest = Math.max(1, ...labels.map((label) => label.length)) * 7;
  const every = Math.max(1, Math.ceil((longest + gapBetweenLabels) / step));
  const y = String(height - 10);
  let free = 0;
  return labels
    .map((label, at) => {
      if (at % every !== 0) return '';
      // The first and the last must not stand out at the sides, nor come over a neighbour by that.
      const middle = frame.left + (at + 0.5) * step;
      const x = Math.min(Math.max(middle, longest / 2), width - longest / 2);
      if (x - longest / 2 < free) return '';
      free = x + longest / 2 + gapBetweenLabels;
      return `<text class="scale" x="${rounded(x)}" y="${y}" text-anchor="middle">${escapeText(label)}</text>`;
    })
    .join('');
}
