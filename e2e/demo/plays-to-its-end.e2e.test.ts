import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('npm run demo', () => {
  it('clones the smallest archive and finds both sides equal, with exit code 0', async () => {
    const words = ['run', 'demo', '--', '--studies', '1'];
    const { stdout } = await promisify(execFile)('npm', words, { cwd: root });
    expect(stdout).toContain('Both archives are equal.');
    expect(stdout).toMatch(/instances +10 +10\n/);
  });
});
