import { describe, expect, it } from '@jest/globals';
import type { SystemFacts } from '@orthanc-tools/orthanc-client';
import type { Examined } from './examine-server.ts';
import { finderFor } from './finding.ts';
import { content } from './limits.ts';

describe('what is stored', () => {
  it.each([
    [20_000, true, 'ok'],
    [20_001, true, 'warning'],
    [5_000_000, false, 'ok'],
  ])('%d instances, where each is searched for: %j, is %s', async (instances, searchesForEach, verdict) => {
    const held = { studies: 7, instances, diskSize: 1, patients: 1, series: 1, uncompressedSize: 1 };
    const examined = {
      facts: { version: '1.13.0', searchesForEach } as SystemFacts,
      statistics: () => Promise.resolve(held),
      find: finderFor('source'),
    } as unknown as Examined;
    expect(await content.look(examined)).toMatchObject({ subject: 'source', check: 'content', verdict });
  });
});
