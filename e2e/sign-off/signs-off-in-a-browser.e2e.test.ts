import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { domOf, hasBrowser } from '../command/browser.ts';
import { expectPrintable } from '../command/expect-printable.ts';
import { openCloneScene, openImportScene, type SignOffScene } from './sign-off-scenes.ts';

/** As in the page of a migration, which has a chart more. */
const layout = [
  'How it was proved',
  'What was set aside, and why',
  'Each by its name',
  'Conflicts',
  'Signed off',
];

const scenes = [
  {
    tool: 'cloner',
    open: openCloneScene,
    verdict: '1 of 12 studies is not complete; 1 image is missing by name.',
    signOff: {
      unit: 'study',
      items: { total: 12, proved: 11, setAside: 1, waiting: 0 },
      instances: { proved: 35, missing: 1 },
      conflicts: { content: 1, identity: 0 },
      setAside: [{ code: 'CONTENT_CONFLICT', items: 1, instances: 1 }],
    },
    rows: 'CONTENT_CONFLICT',
  },
  {
    tool: 'importer',
    open: openImportScene,
    verdict: '1 of 36 files is not complete; why is told below.',
    signOff: {
      unit: 'file',
      items: { total: 37, proved: 35, passedOver: 1, setAside: 1, waiting: 0 },
      instances: { proved: 35, missing: 0 },
      conflicts: { content: 0, identity: 0 },
    },
    rows: 'scans/5.dcm',
  },
];

(hasBrowser ? describe : describe.skip).each(scenes)('the sign-off of the $tool in Chromium', (wanted) => {
  let scene: SignOffScene;
  beforeAll(async () => {
    scene = await wanted.open();
  }, 300_000);
  afterAll(async () => scene[Symbol.asyncDispose]());

  it('says in words what the JSON report says in fields', () => {
    expect(scene.report).toMatchObject({ exitCode: 3, signOff: wanted.signOff });
    expect(scene.report.signOff).toMatchObject({ verdict: { is: 'incomplete', text: wanted.verdict } });
    const dom = domOf(scene.page);
    expect(dom).toContain(wanted.verdict);
    expect(dom).toContain(wanted.rows);
  });

  it('has the layout of all, and shows no patient', () => {
    const dom = domOf(scene.page);
    expect(Array.from(dom.matchAll(/<h2>([^<]*)</g), ([, heading]) => heading)).toEqual(layout);
    expect(scene.patientNames.filter((name) => dom.includes(name))).toEqual([]);
    expect(dom).not.toContain('<script');
  });

  it('can be looked at, and printed to be signed', async () => {
    await expectPrintable(scene.page, scene.folder);
  });
});
