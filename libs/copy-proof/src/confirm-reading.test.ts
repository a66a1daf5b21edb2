import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance, SystemFacts } from '@orthanc-tools/orthanc-client';
import { confirmListed, confirmReading, confirmVanished } from './confirm-reading.ts';

const notFound = permanentFailure('ORTHANC_NOT_FOUND', 'not found');
const held: StoredInstance = { id: 'i', seriesId: 's', size: 1, md5: 'm' };

/** Only what is asked for here; the rest of an Orthanc is not there. */
function orthancThat(
  answersSystem: () => Promise<SystemFacts>,
  instances: () => Promise<StoredInstance[]> = () => Promise.reject(notFound),
  { exists = false }: { readonly exists?: boolean } = {},
): Orthanc {
  const isThere = () => Promise.resolve(exists);
  return {
    url: 'http://orthanc/',
    system: answersSystem,
    studies: { instances, exists: isThere },
    instances: { exists: isThere },
  } as unknown as Orthanc;
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

  it('does not believe an empty list of a study that the server knows', async () => {
    const contradicting = orthancThat(isOrthanc, () => Promise.resolve([]), { exists: true });
    expect(await confirmVanished(contradicting, 'study')).toBe(false);
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

describe('confirmListed', () => {
  const question = { studyId: 'study', instanceIds: ['i', 'gone'] };
  const list = () => Promise.resolve([held]);

  it('tells what the server still lists', async () => {
    const orthanc = orthancThat(isOrthanc, list, { exists: true });
    expect(await confirmListed(orthanc, question)).toEqual(new Set(['i']));
  });

  it('ends the run when what is listed is not found by itself', async () => {
    await expect(confirmListed(orthancThat(isOrthanc, list), question)).rejects.toMatchObject({
      kind: 'configuration',
      code: 'ORTHANC_ANSWERS_NOT_FOUND',
    });
  });
});
