import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { noOutages } from './outages.ts';
import { type Suspects, whoseFault } from './whose-fault.ts';

const lost = transientFailure('ORTHANC_CONNECTION_LOST', 'the connection broke');
const away = transientFailure('ORTHANC_UNREACHABLE', 'nobody answers', { scope: 'run' });

function serversOf(isAway: () => boolean) {
  const system = () => (isAway() ? Promise.reject(away) : Promise.resolve({}));
  return { servers: [{ system }, { system }], outages: noOutages() } as unknown as Suspects;
}

describe('whoseFault', () => {
  it('blames the work where both servers answer', async () => {
    const suspects = serversOf(() => false);
    expect(await whoseFault(lost, suspects, performance.now())).toMatchObject({ scope: 'item' });
  });

  it('blames the server that is away, and waits with the whole run', async () => {
    const suspects = serversOf(() => true);
    expect(await whoseFault(lost, suspects, performance.now())).toMatchObject({
      scope: 'run',
      code: 'ORTHANC_UNREACHABLE',
    });
  });

  it('blames no work for an outage that only another visit has seen', async () => {
    let isAway = true;
    const suspects = serversOf(() => isAway);
    const began = performance.now();
    await whoseFault(lost, suspects, began);
    isAway = false;
    expect(await whoseFault(lost, suspects, began)).toMatchObject({ scope: 'run' });
    expect(await whoseFault(lost, suspects, performance.now() + 1)).toMatchObject({ scope: 'item' });
  });

  it('blames no work for an outage that another visit ran into', async () => {
    const suspects = serversOf(() => false);
    const began = performance.now();
    await whoseFault(away, suspects, began);
    expect(await whoseFault(lost, suspects, began)).toMatchObject({ scope: 'run' });
  });

  it('asks nobody about what is no doubt', async () => {
    const suspects = serversOf(() => true);
    const refused = permanentFailure('ORTHANC_REFUSED', 'not this one');
    expect(await whoseFault(refused, suspects, 0)).toBe(refused);
  });
});
