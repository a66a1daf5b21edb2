import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { LoggedRequest } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './forward-scene.ts';

/** Runs the forwarder as a process of its own, and ends it with SIGKILL once the condition is met. */
async function killOnce(isReached: () => boolean, argv: readonly string[]): Promise<void> {
  const main = join(import.meta.dirname, '../src/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...argv], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] },
  });
  const exit = once(child, 'exit');
  try {
    for (const end = Date.now() + 60_000; !isReached(); await delay(20))
      if (Date.now() > end || child.exitCode !== null) throw new Error('the forwarder has not come so far');
  } finally {
    child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
}

type Seen = Pick<LoggedRequest, 'method' | 'path'>;
const isMaking = ({ path }: Seen) => path.endsWith('/anonymize');
const isSending = ({ path }: Seen) => path.endsWith('/store-straight');
const isAsking = ({ path }: Seen) => path.endsWith('/modalities/there/query');
const isDeleting = ({ path }: Seen) => path === '/tools/bulk-delete';

/** As many as the forwarder sends at once: when so many are held, it has heard of all before them. */
const lanes = 4;

describe('a forwarder that is killed while it anonymises', () => {
  it.each([
    ['while it has the copies made', { isHeld: isMaking, after: 3, of: isMaking, sent: 0 }],
    ['before it sends the first', { isHeld: isSending, after: 0, of: isSending, sent: 0 }],
    ['when it has sent two of six', { isHeld: isSending, after: 2, of: isSending, sent: 2 }],
    ['when all are sent and nothing is proved', { isHeld: isAsking, after: 6, of: isSending, sent: 6 }],
    ['when all is proved and nothing is deleted', { isHeld: isDeleting, after: 0, of: isDeleting, sent: 6 }],
  ])('%s: nobody is sent twice, or under two names', async (_, { isHeld, after, of, sent }) => {
    await using scene = await openScene({ seed: 371, studies: 1, destinations: { there: {} } });
    const { inbox, destinations, proxy } = scene;
    const file = await scene.destinationsFile({
      destinations: [{ name: 'there', target: 'there', profile: 'anonymous' }],
      profiles: { anonymous: { anonymize: {} } },
    });
    const folder = dirname(file.slice(file.indexOf('=') + 1));
    let [held, passed] = [0, 0];
    const undo = proxy.addFault({
      effect: 'hold',
      until: new Promise(() => undefined),
      matching: (request) => {
        const isHit = passed >= after && isHeld(request);
        if (isHit) held += 1;
        else if (of(request)) passed += 1;
        return isHit;
      },
    });
    const argv = [
      `--source-url=${proxy.url}`,
      `--ledger-path=${join(folder, 'forwarder.ledger.sqlite')}`,
      '--quiet-time=1s',
      '--existing-changes-only',
      '--trigger=StableStudy',
      '--worker-threads-count=1',
      file,
    ];
    await killOnce(() => held >= (isHeld === isSending ? lanes : 1), argv);
    undo();
    const before = await scene.held(destinations.there);
    expect(before).toHaveLength(sent);
    proxy.forget();
    const { exitCode } = await scene.run({ more: [file, '--trigger=StableStudy'] });
    expect(exitCode).toBe(0);
    const atLast = await scene.held(destinations.there);
    expect(atLast).toHaveLength(scene.sent.length);
    expect(atLast).toEqual(expect.arrayContaining(before));
    expect(proxy.requests.filter(isSending)).toHaveLength(scene.sent.length - sent);
    expect(await scene.held(inbox)).toEqual([]);
  });
});
