import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { domOf, hasBrowser, print, takePicture } from '../command/browser.ts';
import { type ReportScene, openReportScene } from './report-scene.ts';

(hasBrowser ? describe : describe.skip)('the report in Chromium', () => {
  let scene: ReportScene;

  beforeAll(async () => {
    scene = await openReportScene();
  }, 300_000);

  afterAll(async () => scene[Symbol.asyncDispose]());

  it('shows totals, days, differences and earlier runs, and nothing in it runs', async () => {
    const dom = domOf(scene.page);
    expect(dom).toContain('10 differences were found.');
    expect(dom).toContain('<title>Comparison of ');
    expect(dom).not.toContain('<script');
    expect(dom).toContain('&lt;script&gt;document.title');
    for (const heading of ['Studies by study date', 'Differences', 'Could not be compared', 'Earlier runs'])
      expect(dom).toContain(`<h2>${heading}</h2>`);
    expect(
      dom.match(/href="https:\/\/orthanc-a\.example:8042\/app\/explorer\.html#study\?uuid=/g),
    ).toHaveLength(4);
  });

  it('can be looked at on a large and on a small screen', async () => {
    for (const size of [
      { width: 1100, height: 1400 },
      { width: 400, height: 800 },
    ]) {
      const picture = join(scene.folder, `${String(size.width)}.png`);
      takePicture(scene.page, picture, size);
      const png = await readFile(picture);
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size.width, size.height]);
      // A page without style or without content is a few thousand bytes.
      expect(png.length).toBeGreaterThan(20_000);
    }
  });

  it('can be printed', async () => {
    const pdf = join(scene.folder, 'report.pdf');
    print(scene.page, pdf);
    expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
    expect((await stat(pdf)).size).toBeGreaterThan(10_000);
  });
});
