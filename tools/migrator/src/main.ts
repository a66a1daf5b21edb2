import { runProcess } from '@orthanc-tools/tool-runtime';
import { migratorTool } from './migrator.ts';

await runProcess(migratorTool);
