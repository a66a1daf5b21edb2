// node e2e/migrator/draw-report.ts: what the README of the migrator shows, as Chromium renders it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browse, openReportScene } from './report-scene.ts';

const docs = fileURLToPath(new URL('../../tools/migrator/docs/', import.meta.url));

await using scene = await openReportScene();
await mkdir(docs, { recursive: true });
browse(scene.page, `--screenshot=${join(docs, 'report.png')}`, '--window-size=1000,900');
