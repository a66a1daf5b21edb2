import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Lanes } from './lanes.ts';
import { noOutages } from './outages.ts';
import { whoseFault } from './whose-fault.ts';

const lost = transientFailure('ORTHANC_CONNECTION_LOST', 'the connection broke');
const away = transientFailure('ORTHANC_UNREACHABLE', 'nobody answers', { scope: 'run' });

function lanesWhere(isAway: () => boolean) {
  const system = () => (isAway() ? Promise.reject(away) : Promise.resolve({}));
  const server = { system };
  return { source: server, destination: server, outages: noOutages() } as unknown as Lanes;
}

describe('whoseFault', () => {
  it('blames the study where both servers answer', async () => {
    const lanes = lanesWhere(() => false);
    expect(await whoseFault(lost, lanes, performance.now())).toMatchObject({ scope: 'item' });
  });

  it('blames the server that is away, and waits with the whole run', async () => {
    const lanes = lanesWhere(() => true);
    expect(await whoseFault(lost, lanes, performance.now())).toMatchObject({
      scope: 'run',
      code: 'ORTHANC_UNREACHABLE',
    });
  });

  it('blames no study for an outage that only another visit has seen', async () => {
    let isAway = true;
    const lanes = lanesWhere(() => isAway);
    const began = performance.now();
    await whoseFault(lost, lanes, began);
    isAway = false;
    expect(await whoseFault(lost, lanes, began)).toMatchObject({ scope: 'run' });
    expect(await whoseFault(lost, lanes, performance.now() + 1)).toMatchObject({ scope: 'item' });
  });

  it('blames no study for an outage that another visit ran into', async () => {
    const lanes = lanesWhere(() => false);
    const began = performance.now();
    await whoseFault(away, lanes, began);
    expect(await whoseFault(lost, lanes, began)).toMatchObject({ scope: 'run' });
  });

  it('asks nobody about what is no doubt', async () => {
    const lanes = lanesWhere(() => true);
    const refused = permanentFailure('ORTHANC_REFUSED', 'not this one');
    expect(await whoseFault(refused, lanes, 0)).toBe(refused);
  });
});
