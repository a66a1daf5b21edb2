import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ReportScene, browse, hasBrowser, openReportScene } from './report-scene.ts';

(hasBrowser ? describe : describe.skip)('the report of a migration in Chromium', () => {
  let scene: ReportScene;

  beforeAll(async () => {
    scene = await openReportScene();
  }, 300_000);

  afterAll(async () => scene[Symbol.asyncDispose]());

  it('names every image that is missing, and no patient', () => {
    const dom = browse(scene.page, '--dump-dom');
    expect(dom).toContain('<title>Migration from old-pacs to Orthanc</title>');
    expect(dom).toContain('3 of 40 studies are not complete; 4 images are missing by name.');
    for (const uid of scene.lost) expect(dom).toContain(uid);
    expect(scene.patientNames.filter((name) => dom.includes(name))).toEqual([]);
    expect(dom).not.toContain('<script');
  });

  it('can be looked at, and printed', async () => {
    const picture = join(scene.folder, 'page.png');
    browse(scene.page, `--screenshot=${picture}`, '--window-size=1100,1400');
    // A page without style or without content is a few thousand bytes.
    expect((await readFile(picture)).length).toBeGreaterThan(20_000);
    const pdf = join(scene.folder, 'page.pdf');
    browse(scene.page, `--print-to-pdf=${pdf}`, '--no-pdf-header-footer');
    expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
