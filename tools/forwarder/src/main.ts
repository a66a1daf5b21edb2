import { runProcess } from '@orthanc-tools/tool-runtime';
import { forwarderTool } from './forwarder.ts';

await runProcess(forwarderTool);
