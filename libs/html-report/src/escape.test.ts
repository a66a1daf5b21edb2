import { describe, expect, it } from '@jest/globals';
import { escapeText, safeHref } from './escape.ts';

describe('text on a page', () => {
  it('is no markup, whatever it holds', () => {
    expect(escapeText(`<img src=x onerror="a()"> & 'b'`)).toBe(
      '&lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;b&#39;',
    );
  });

  it('shows control characters, which DICOM texts hold, as unreadable', () => {
    expect(escapeText('A\u0000B\u001b$B\u0085')).toBe('A\ufffdB\ufffd$B\ufffd');
  });

  it('groups the digits of numbers', () => {
    expect(escapeText(1_234_567)).toBe('1,234,567');
  });
});

describe('a link', () => {
  it.each(['http://pacs:8042/app/#/study?uid=1', 'https://a/b', 'differences.csv', '#totals'])(
    'leads to %s',
    (href) => {
      expect(safeHref(href)).toBe(href);
    },
  );

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'http://',
  ])('does not lead to %s', (href) => {
    expect(safeHref(href)).toBeUndefined();
  });
});
