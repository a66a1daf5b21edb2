import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { domOf, hasBrowser } from '../command/browser.ts';
import { expectPrintable } from '../command/expect-printable.ts';
import { type ReportScene, openReportScene } from './report-scene.ts';

(hasBrowser ? describe : describe.skip)('the report of a migration in Chromium', () => {
  let scene: ReportScene;

  beforeAll(async () => {
    scene = await openReportScene();
  }, 300_000);

  afterAll(async () => scene[Symbol.asyncDispose]());

  it('names every image that is missing, and no patient', () => {
    const dom = domOf(scene.page);
    expect(dom).toContain('<title>Migration from old-pacs to Orthanc</title>');
    expect(dom).toContain('3 of 40 studies are not complete; 4 images are missing by name.');
    expect(Array.from(dom.matchAll(/<h2>([^<]*)</g), ([, heading]) => heading)).toEqual([
      'How it was proved',
      'Studies by study date',
      'What was set aside, and why',
      'Each by its name',
      'Conflicts',
      'Signed off',
    ]);
    for (const uid of scene.lost) expect(dom).toContain(uid);
    expect(scene.patientNames.filter((name) => dom.includes(name))).toEqual([]);
    expect(dom).not.toContain('<script');
  });

  it('can be looked at, and printed', async () => {
    await expectPrintable(scene.page, scene.folder);
  });
});
