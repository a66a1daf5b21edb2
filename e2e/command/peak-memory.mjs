// Loaded before the command (node --import): tells the peak of its memory when it ends.
import fs from 'node:fs';
import process from 'node:process';

process.once('exit', () => {
  fs.writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS * 1024));
});
