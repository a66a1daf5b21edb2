import { runProcess } from '@orthanc-tools/tool-runtime';
import { populatorTool } from './populator.ts';

await runProcess(populatorTool);
