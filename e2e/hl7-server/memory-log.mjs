// Loaded before the command (node --import): writes a line every two seconds with the memory (RSS) and what is alive on the heap, in bytes.
import '../command/peak-memory.mjs';
import fs from 'node:fs';
import process from 'node:process';
import { setInterval } from 'node:timers';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

setInterval(() => {
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  fs.appendFileSync(process.env.MEMORY_LOG_FILE, `${rss} ${heapUsed + external}\n`);
}, 2000).unref();
