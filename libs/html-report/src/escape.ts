const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// XML, and so an SVG within, allows no other control characters; DICOM texts hold them.
const unprintable = /[^\P{Cc}\t\n\r]/gu;

/** Text as HTML and SVG show it, in content and in quoted attributes. */
export function escapeText(text: string | number): string {
  const shown = typeof text === 'number' ? inDigits(text) : text;
  return shown
    .replaceAll(unprintable, '\ufffd')
    .replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}

/** 1234567 as 1,234,567: the page is in English. */
export const inDigits = (count: number): string => count.toLocaleString('en-US');

/** The address, if following it can do nothing but open a page. */
export function safeHref(href: string): string | undefined {
  try {
    const { protocol } = new URL(href, 'https://relative.invalid');
    return protocol === 'http:' || protocol === 'https:' ? href : undefined;
  } catch {
    return undefined;
  }
}
