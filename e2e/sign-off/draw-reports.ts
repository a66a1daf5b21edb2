// node e2e/sign-off/draw-reports.ts: what the READMEs of cloner and importer show, as Chromium renders it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takePicture } from '../command/browser.ts';
import { openCloneScene, openImportScene } from './sign-off-scenes.ts';

for (const [tool, open] of [
  ['cloner', openCloneScene],
  ['importer', openImportScene],
] as const) {
  const docs = fileURLToPath(new URL(`../../tools/${tool}/docs/`, import.meta.url));
  await using scene = await open();
  await mkdir(docs, { recursive: true });
  takePicture(scene.page, join(docs, 'sign-off.png'), { width: 1000, height: 1150 });
}
