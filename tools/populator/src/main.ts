import { runTool } from '@orthanc-tools/tool-runtime';
import { populatorTool } from './populator.ts';

process.exitCode = await runTool(populatorTool);
