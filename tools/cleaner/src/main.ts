import { runProcess } from '@orthanc-tools/tool-runtime';
import { cleanerTool } from './cleaner.ts';

await runProcess(cleanerTool);
