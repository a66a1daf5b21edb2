import process from 'node:process';
import { runProcess } from '@orthanc-tools/tool-runtime';
import { hl7ServerTool } from './hl7-server.ts';

// Read by libuv when it is first needed: so many files are made durable at the same time.
process.env['UV_THREADPOOL_SIZE'] ??= '16';

await runProcess(hl7ServerTool);
