// node e2e/migrator/draw-report.ts: what the README of the migrator shows, as Chromium renders it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takePicture } from '../command/browser.ts';
import { openReportScene } from './report-scene.ts';

const docs = fileURLToPath(new URL('../../tools/migrator/docs/', import.meta.url));

await using scene = await openReportScene();
await mkdir(docs, { recursive: true });
takePicture(scene.page, join(docs, 'report.png'), { width: 1000, height: 1300 });
