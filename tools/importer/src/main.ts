import { runTool } from '@orthanc-tools/tool-runtime';
import { importerTool } from './importer.ts';

process.exitCode = await runTool(importerTool);
