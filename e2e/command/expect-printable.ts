import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { print, takePicture } from './browser.ts';

/** A page that a browser shows, and prints; `folder` takes the picture and the PDF. */
export async function expectPrintable(page: string, folder: string): Promise<void> {
  const picture = join(folder, 'page.png');
  takePicture(page, picture, { width: 1100, height: 1400 });
  // A page without style or without content is a few thousand bytes.
  expect((await readFile(picture)).length).toBeGreaterThan(20_000);
  const pdf = join(folder, 'page.pdf');
  print(page, pdf);
  expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
}
