import { describe, expect, it } from '@jest/globals';
import { type FaultProxy, startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { holdFirst, openScene } from './forward-scene.ts';

describe('a job of the inbox that makes no progress', () => {
  it('is cancelled after --job-timeout, and what it was to send is sent by another', async () => {
    await using stack = new AsyncDisposableStack();
    let link: FaultProxy | undefined;
    await using scene = await openScene({
      seed: 881,
      studies: 1,
      destinations: {
        pacs: {
          reach: async ({ url }) => {
            link = stack.use(await startFaultProxy(url));
            return { peerUrl: link.url };
          },
        },
      },
    });
    if (link === undefined) throw new Error('the destination was not reached');
    const delivery = holdFirst(link, ({ method }) => method === 'POST');
    const { pacs } = scene.destinations;
    const { exitCode } = await scene.run({
      more: [
        ...['--destination=pacs', '--mode=peering', `--dest-url=${pacs.url}`],
        ...['--trigger=StableStudy', '--job-timeout=1s', '--log-level=debug'],
      ],
      onOutput: (output) => {
        if (output.split('"step":"send"').length > 2) delivery.letGo();
      },
    });
    expect(scene.proxy.requests.some(({ path }) => path.endsWith('/cancel'))).toBe(true);
    expect(exitCode).toBe(0);
    expect(await scene.held(pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});
