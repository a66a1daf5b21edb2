import { drawChart, partClasses } from './draw-chart.ts';
import { escapeText, inDigits, safeHref } from './escape.ts';
import { pageStyle } from './page-style.ts';
import type { Cell, MarkedCell, ReportChart, ReportForm, ReportPage, ReportTable } from './report-page.ts';

const usualLongest = 1000;

// Nothing is loaded and nothing runs, whatever a text may have smuggled in.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The page piece by piece: one file of HTML that needs nothing else. Memory holds a row, whatever the tables hold. */
export async function* renderPage(page: ReportPage): AsyncGenerator<string> {
  yield head(page);
  for (const section of page.sections) {
    yield `<section><h2>${escapeText(section.heading)}</h2>\n`;
    if (section.intro !== undefined) yield `<p class="intro">${escapeText(section.intro)}</p>\n`;
    if (section.is === 'table') yield* tableOf(section);
    else yield section.is === 'chart' ? figureOf(section) : formOf(section);
    yield '</section>\n';
  }
  yield `</main>\n<footer>${escapeText(page.madeBy)}</footer>\n</body>\n</html>\n`;
}

function head({ title, verdict, facts, totals }: ReportPage): string {
  const told = facts.map(({ label, value }) => `<dt>${escapeText(label)}</dt><dd>${contentOf(value)}</dd>`);
  const counted = totals.map(
    ({ label, count, tone }) =>
      `<li><b${tone === undefined ? '' : ` class="${tone}"`}>${escapeText(count)}</b><span>${escapeText(label)}</span></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<h1>${escapeText(title)}</h1>
<p class="verdict ${verdict.tone}">${escapeText(verdict.text)}</p>
<dl class="facts">${told.join('\n')}</dl>
<ul class="totals">${counted.join('\n')}</ul>
</header>
`;
}

function figureOf(chart: ReportChart): string {
  if (chart.bars.length === 0) return '<p class="faint">Nothing to be drawn.</p>\n';
  const swatch = (classes: string) =>
    `<svg viewBox="0 0 8 8" aria-hidden="true"><rect class="${classes}" width="8" height="8"/></svg>`;
  const classes = partClasses(chart.parts);
  const legend = chart.parts.map(
    ({ title }, at) => `<span>${swatch(classes[at] ?? '')}${escapeText(title)}</span>`,
  );
  return `<figure>${drawChart(chart)}<figcaption>${legend.join('')}</figcaption></figure>\n`;
}

const formOf = ({ fields }: ReportForm): string =>
  `<ul class="form">${fields.map((field) => `<li>${escapeText(field)}</li>`).join('')}</ul>\n`;

async function* tableOf(table: ReportTable): AsyncGenerator<string> {
  const { columns, rows, longest = usualLongest, whenEmpty } = table;
  const titles = columns.map(
    ({ title, isNumber }) => `<th scope="col"${isNumber ? ' class="number"' : ''}>${escapeText(title)}</th>`,
  );
  let shown = 0;
  for await (const row of rows) {
    if (shown === longest) {
      yield `</tbody></table>\n${restOf(table, longest)}`;
      return;
    }
    if (shown === 0) yield `<table><thead><tr>${titles.join('')}</tr></thead><tbody>\n`;
    shown += 1;
    yield `<tr>${row.map((cell, at) => cellOf(cell, columns[at]?.isNumber)).join('')}</tr>\n`;
  }
  yield shown === 0 ? `<p class="faint">${escapeText(whenEmpty)}</p>\n` : '</tbody></table>\n';
}

function restOf({ allRowsIn, count }: ReportTable, longest: number): string {
  const where = allRowsIn === undefined ? '' : ` All are in ${escapeText(allRowsIn)}.`;
  const all = count?.();
  const what =
    all === undefined
      ? `There are more than these ${inDigits(longest)}.`
      : `These are the first ${inDigits(longest)} of ${inDigits(all)}.`;
  return `<p class="faint">${what}${where}</p>\n`;
}

function cellOf(cell: Cell, isNumber = false): string {
  const { tone } = marked(cell);
  const classes = [...(isNumber ? ['number'] : []), ...(tone === undefined ? [] : [tone])];
  const attribute = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
  return `<td${attribute}>${contentOf(cell)}</td>`;
}

const marked = (cell: Cell): MarkedCell => (typeof cell === 'object' ? cell : { text: cell });

function contentOf(cell: Cell): string {
  const { text, href, isCode } = marked(cell);
  const shown = isCode ? `<code>${escapeText(text)}</code>` : escapeText(text);
  const address = href === undefined ? undefined : safeHref(href);
  return address === undefined ? shown : `<a href="${escapeText(address)}" rel="noreferrer">${shown}</a>`;
}
