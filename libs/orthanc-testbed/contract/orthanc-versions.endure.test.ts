import { describe, expect, it } from '@jest/globals';
import { openTestbed } from '../src/index.ts';

const testbed = await openTestbed();

describe.each(['1.13', '1.12'] as const)('Orthanc %s', (version) => {
  it('can be chosen', async () => {
    await using orthanc = await testbed.startOrthanc({ version });
    expect(orthanc.version).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.\\d+$`));
    const system = (await (await fetch(`${orthanc.url}/system`)).json()) as { Version: string };
    expect(system.Version).toBe(orthanc.version);
  }, 300_000);
});
