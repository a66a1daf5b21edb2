import type { Orthanc } from '@orthanc-tools/orthanc-client';

/** From this round trip on (ms) waiting for an answer to each small image costs more than a batch costs Orthanc. */
const farFrom = 15;

/** The first of them also opens a connection. */
const looks = 3;

const yes = () => true;
const no = () => false;

/**
 * Whether Orthanc is far away, by the shortest round trip so far: what takes longer was held up, perhaps by ourselves.
 * One that has not been near yet is measured again each time; where nobody may ask for the time, it counts as far.
 */
export function distanceTo(orthanc: Pick<Orthanc, 'now'>): () => Promise<boolean> {
  let shortest = Infinity;
  return async () => {
    for (let look = 0; look < looks && shortest >= farFrom; look += 1) {
      const asked = performance.now();
      const isTold = await orthanc.now().then(yes, no);
      if (isTold) shortest = Math.min(shortest, performance.now() - asked);
    }
    return shortest >= farFrom;
  };
}
