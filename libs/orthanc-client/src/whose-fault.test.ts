import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { noOutages } from './outages.ts';
import { type Suspects, acquit, whoseFault } from './whose-fault.ts';

const lost = transientFailure('ORTHANC_CONNECTION_LOST', 'the connection broke');
const awayAt = (server: string) =>
  transientFailure('ORTHANC_UNREACHABLE', 'nobody answers', { scope: 'run', facts: { server } });
const away = awayAt('http://b');

function serversOf(isAway: () => boolean) {
  const system = () => (isAway() ? Promise.reject(away) : Promise.resolve({}));
  const servers = ['http://a', 'http://b'].map((url) => ({ url, system }));
  return { servers, outages: noOutages() } as unknown as Suspects;
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

  it('takes a server that is none of them, or a destination, for no outage of theirs', async () => {
    const suspects = serversOf(() => false);
    const began = performance.now();
    const facts = { server: 'http://b', destination: 'Modality pacs' };
    const ofModality = transientFailure('DESTINATION_UNREACHABLE', 'no answer', { scope: 'run', facts });
    for (const failure of [awayAt('http://c'), ofModality]) await whoseFault(failure, suspects, began);
    expect(await whoseFault(lost, suspects, began)).toMatchObject({ scope: 'item' });
  });

  it('asks nobody about what is no doubt', async () => {
    const suspects = serversOf(() => true);
    const refused = permanentFailure('ORTHANC_REFUSED', 'not this one');
    expect(await whoseFault(refused, suspects, 0)).toBe(refused);
  });
});

describe('acquit', () => {
  const facts = { server: 'http://b', destination: 'Modality pacs' };
  const ofModality = transientFailure('DESTINATION_UNREACHABLE', 'no answer', { scope: 'run', facts });

  it('lets go on where it is a destination that is away, or nobody', async () => {
    const suspects = serversOf(() => false);
    for (const failure of [ofModality, lost]) await acquit(failure, suspects, performance.now());
  });

  it('throws what is one of the suspects, whether it did not answer at all or only in another way', async () => {
    for (const failure of [away, lost])
      await expect(
        acquit(
          failure,
          serversOf(() => true),
          performance.now(),
        ),
      ).rejects.toMatchObject({
        code: 'ORTHANC_UNREACHABLE',
        scope: 'run',
      });
  });
});
