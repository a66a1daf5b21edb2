import { runProcess } from '@orthanc-tools/tool-runtime';
import { clonerTool } from './cloner.ts';

await runProcess(clonerTool);
