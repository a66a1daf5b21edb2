// Loaded before the command (node --import): tells the peak of its memory when it ends.
import fs from 'node:fs';
import process from 'node:process';

process.once('exit', () => {
  // Of this program alone: getrusage's ru_maxrss still counts what the process was before exec, a copy of its parent.
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  fs.writeFileSync(process.env.PEAK_MEMORY_FILE, String(kilobytes * 1024));
});
