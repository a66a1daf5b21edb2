/** The look of a page, on screen and on paper. Bad is darker than good, so that a copy in grey still tells them apart. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d5dae0; --faint: #5b6570; --good: #8fbfa5; --bad: #b3261e; --doubtful: #d08a00; --quiet: #aab4c0; --link: #0b57b0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #16191d; --line: #3a424b; --faint: #a2acb7; --good: #4d8a6b; --bad: #ff8a80; --doubtful: #f0b84a; --quiet: #66717d; --link: #8ab8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 3rem; max-width: 68rem; font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--ink); background: var(--paper); }
h1 { margin: 0 0 .5rem; font-size: 1.7rem; line-height: 1.25; }
h2 { margin: 2.2rem 0 .4rem; font-size: 1.15rem; }
p { margin: .3rem 0; }
.verdict { margin: .8rem 0 1.2rem; padding: .6rem .9rem; border-left: 5px solid var(--quiet); background: color-mix(in srgb, var(--quiet) 14%, transparent); font-weight: 600; }
.verdict.good { border-color: var(--good); background: color-mix(in srgb, var(--good) 18%, transparent); }
.verdict.bad { border-color: var(--bad); background: color-mix(in srgb, var(--bad) 12%, transparent); }
.verdict.doubtful { border-color: var(--doubtful); background: color-mix(in srgb, var(--doubtful) 16%, transparent); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 0; }
dl.facts dt { color: var(--faint); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
ul.totals { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: .7rem; margin: 1.4rem 0 0; padding: 0; list-style: none; }
ul.totals li { padding: .5rem .8rem; border: 1px solid var(--line); border-radius: 6px; break-inside: avoid; }
ul.totals b { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
ul.totals span { color: var(--faint); }
.faint, .intro, figcaption, footer { color: var(--faint); }
ul.form { display: flex; flex-wrap: wrap; gap: 2rem; margin: 2.6rem 0 0; padding: 0; list-style: none; break-inside: avoid; }
ul.form li { flex: 1 1 12rem; padding-top: .2rem; border-top: 1px solid var(--ink); color: var(--faint); }
figure { margin: .6rem 0 0; break-inside: avoid; }
svg { display: block; width: 100%; height: auto; }
svg line { stroke: var(--line); }
svg text { fill: var(--faint); font: 12px system-ui, "DejaVu Sans", sans-serif; }
rect.good { fill: var(--good); } rect.bad { fill: var(--bad); } rect.doubtful { fill: var(--doubtful); } rect.quiet { fill: var(--quiet); }
rect.shade-1 { opacity: .68; } rect.shade-2 { opacity: .42; } rect.shade-3 { opacity: .25; }
figcaption span { margin-right: 1.2rem; white-space: nowrap; }
figcaption svg { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
table { width: 100%; margin-top: .6rem; border-collapse: collapse; font-size: .92em; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
td code { overflow-wrap: anywhere; }
th { border-bottom: 2px solid var(--line); white-space: nowrap; overflow-wrap: normal; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: .95em ui-monospace, "DejaVu Sans Mono", monospace; }
a { color: var(--link); }
td.good, b.good, td .good { color: color-mix(in srgb, var(--good) 55%, var(--ink)); } td.bad, b.bad { color: var(--bad); font-weight: 600; } td.doubtful, b.doubtful { color: color-mix(in srgb, var(--doubtful) 75%, var(--ink)); } td.quiet { color: var(--faint); }
footer { margin-top: 2.5rem; padding-top: .6rem; border-top: 1px solid var(--line); font-size: .9em; }
@media print {
  @page { margin: 15mm 12mm; }
  :root { color-scheme: light; --ink: #000; --paper: #fff; --line: #bbb; --faint: #444; --good: #8fbfa5; --bad: #b3261e; --doubtful: #d08a00; --quiet: #aab4c0; --link: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  a { text-decoration: none; }
}
`;
