import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance, SystemFacts } from '@orthanc-tools/orthanc-client';
import { confirmReading, confirmVanished } from './confirm-reading.ts';

const notFound = permanentFailure('ORTHANC_NOT_FOUND', 'not found');
const held: StoredInstance = { id: 'i', seriesId: 's', size: 1, md5: 'm' };

/** Only what is asked for here; the rest of an Orthanc is not there. */
function orthancThat(
  answersSystem: () => Promise<SystemFacts>,
  instances: () => Promise<StoredInstance[]> = () => Promise.reject(notFound),
): Orthanc {
  return { url: 'http://orthanc/', system: answersSystem, studies: { instances } } as unknown as Orthanc;
}
const isOrthanc = () => Promise.resolve({ version: '1.13.0' } as SystemFacts);

describe('confirmReading', () => {
  it('believes a server that answers as an Orthanc', async () => {
    await expect(confirmReading(orthancThat(isOrthanc))).resolves.toBeUndefined();
  });

  it('ends the run when nothing at all is found', async () => {
    await expect(confirmReading(orthancThat(() => Promise.reject(notFound)))).rejects.toMatchObject({
      kind: 'configuration',
      code: 'ORTHANC_ANSWERS_NOT_FOUND',
      scope: 'run',
    });
  });

  it('leaves any other failure as it is', async () => {
    const away = transientFailure('ORTHANC_UNREACHABLE', 'away', { scope: 'run' });
    await expect(confirmReading(orthancThat(() => Promise.reject(away)))).rejects.toBe(away);
  });
});

describe('confirmVanished', () => {
  it('believes an empty list of a server that answers as an Orthanc', async () => {
    expect(
      await confirmVanished(
        orthancThat(isOrthanc, () => Promise.resolve([])),
        'study',
      ),
    ).toBe(true);
    expect(
      await confirmVanished(
        orthancThat(isOrthanc, () => Promise.resolve([held])),
        'study',
      ),
    ).toBe(false);
  });

  it('never takes "not found" for vanished', async () => {
    await expect(confirmVanished(orthancThat(isOrthanc), 'study')).rejects.toBe(notFound);
    const nothing = orthancThat(
      () => Promise.reject(notFound),
      () => Promise.resolve([]),
    );
    await expect(confirmVanished(nothing, 'study')).rejects.toMatchObject({ kind: 'configuration' });
  });
});
