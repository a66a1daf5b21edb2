// node e2e/comparator/draw-report.ts: what the README of the comparator shows, as Chromium renders it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takePicture } from '../command/browser.ts';
import { openReportScene } from './report-scene.ts';

const docs = fileURLToPath(new URL('../../tools/comparator/docs/', import.meta.url));

await using scene = await openReportScene('CT Thorax (corrected)');
await mkdir(docs, { recursive: true });
takePicture(scene.page, join(docs, 'report.png'), { width: 1000, height: 1240 });
