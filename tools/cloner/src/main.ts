import { runTool } from '@orthanc-tools/tool-runtime';
import { clonerTool } from './cloner.ts';

process.exitCode = await runTool(clonerTool);
