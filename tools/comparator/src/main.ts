import { runProcess } from '@orthanc-tools/tool-runtime';
import { comparatorTool } from './comparator.ts';

await runProcess(comparatorTool);
