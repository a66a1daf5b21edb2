import { runProcess } from '@orthanc-tools/tool-runtime';
import { importerTool } from './importer.ts';

await runProcess(importerTool);
