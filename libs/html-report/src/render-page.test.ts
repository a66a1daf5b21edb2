import { describe, expect, it } from '@jest/globals';
import { renderPage } from './render-page.ts';
import type { ReportPage, ReportTable } from './report-page.ts';

async function rendered(more: Partial<ReportPage> = {}): Promise<string> {
  const page: ReportPage = {
    title: 'Archive and PACS',
    verdict: { text: 'They differ.', tone: 'bad' },
    facts: [{ label: 'Orthanc', value: { text: 'a', href: 'http://a:8042' } }],
    totals: [{ label: 'studies', count: 12_345 }],
    sections: [],
    madeBy: 'a test',
    ...more,
  };
  let html = '';
  for await (const piece of renderPage(page)) html += piece;
  return html;
}

const table = (more: Partial<ReportTable>): ReportTable => ({
  is: 'table',
  heading: 'Studies',
  columns: [{ title: 'UID' }, { title: 'Images', isNumber: true }],
  rows: [],
  whenEmpty: 'None.',
  ...more,
});

describe('a page', () => {
  it('needs nothing from outside, and lets nothing run', async () => {
    const html = await rendered();
    expect(html).not.toMatch(/<script|<link|src=|@import|url\(/);
    expect(html).toContain("default-src 'none'");
  });

  it('tells verdict, facts and totals first', async () => {
    const html = await rendered();
    expect(html).toContain('<p class="verdict bad">They differ.</p>');
    expect(html).toContain('<dt>Orthanc</dt><dd><a href="http://a:8042" rel="noreferrer">a</a></dd>');
    expect(html).toContain('<b>12,345</b><span>studies</span>');
  });

  it('escapes whatever it is given, everywhere', async () => {
    const evil = '"><script>alert(1)</script>';
    const html = await rendered({
      title: evil,
      verdict: { text: evil, tone: 'good' },
      facts: [{ label: evil, value: { text: evil, href: evil } }],
      totals: [{ label: evil, count: evil }],
      sections: [
        table({ heading: evil, intro: evil, columns: [{ title: evil }], rows: [[evil]], allRowsIn: evil }),
        table({ whenEmpty: evil }),
        {
          is: 'chart',
          heading: evil,
          intro: evil,
          parts: [{ title: evil, tone: 'bad' }],
          bars: [{ label: evil, values: [1] }],
        },
      ],
      madeBy: evil,
    });
    expect(html).not.toContain('<script');
    expect(html.match(/&lt;script/g)?.length).toBeGreaterThan(12);
  });

  it('makes no link of what could do more than open a page', async () => {
    const rows = [[{ text: 'x', href: 'javascript:alert(1)' }]];
    expect(await rendered({ sections: [table({ rows })] })).toContain('<td>x</td>');
  });

  it('shows no more rows than it may, and says where all are', async () => {
    const rows = Array.from({ length: 4 }, (_, at) => [`1.2.${String(at)}`, at]);
    const html = await rendered({ sections: [table({ rows, longest: 2, allRowsIn: 'all.csv' })] });
    expect(html.match(/<tr>/g)).toHaveLength(3);
    expect(html).toContain('There are more than these 2. All are in all.csv.');
    expect(await rendered({ sections: [table({ rows, longest: 4 })] })).not.toContain('There are more');
    const counted = await rendered({ sections: [table({ rows, longest: 2, count: () => 12_345 })] });
    expect(counted).toContain('These are the first 2 of 12,345.');
  });

  it('reads no more of endless rows than it shows', async () => {
    let read = 0;
    function* endless() {
      for (;;) yield [String((read += 1))];
    }
    await rendered({ sections: [table({ rows: endless(), longest: 5 })] });
    expect(read).toBe(6);
  });

  it('draws a bar for each value, and what is little among much can still be seen', async () => {
    const parts = [
      { title: 'equal', tone: 'good' },
      { title: 'missing', tone: 'bad' },
    ] as const;
    const bars = [{ label: '2024-01-01', values: [9_999, 1] }];
    const html = await rendered({ sections: [{ is: 'chart', heading: 'Days', parts, bars }] });
    expect(html).toContain('<title>2024-01-01: equal 9,999, missing 1</title>');
    expect(html).toMatch(/<rect class="bad"[^>]* height="2"\/>/);
  });

  it('leaves lines to be filled in by hand', async () => {
    const html = await rendered({
      sections: [{ is: 'form', heading: 'Signed', fields: ['Name', '<Date>'] }],
    });
    expect(html).toContain('<ul class="form"><li>Name</li><li>&lt;Date&gt;</li></ul>');
  });

  it('tells parts of one tone apart, in the legend too', async () => {
    const parts = (['good', 'bad', 'bad'] as const).map((tone, at) => ({
      title: `part ${String(at)}`,
      tone,
    }));
    const bars = [{ label: '2024', values: [1, 1, 1] }];
    const html = await rendered({ sections: [{ is: 'chart', heading: 'Years', parts, bars }] });
    expect(html.match(/<rect class="bad shade-1"/g)).toHaveLength(2);
    expect(html.match(/<rect class="bad"/g)).toHaveLength(2);
  });
});
