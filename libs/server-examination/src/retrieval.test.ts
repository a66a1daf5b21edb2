import {
  type Failure,
  ambiguousFailure,
  configurationError,
  transientFailure,
} from '@orthanc-tools/failures';
import { describe, expect, it } from '@jest/globals';
import { finderFor } from './finding.ts';
import { type RetrievalLook, retrievalFinding } from './retrieval.ts';

const nothingToSend = ambiguousFailure('RETRIEVAL_FAILED', 'did not send all (DIMSE status 0xC000).');
const targetUnknown = configurationError('MOVE_DESTINATION_UNKNOWN', 'does not know the AET (0xA801).');
const rejected = transientFailure('DESTINATION_REJECTS_ASSOCIATION', 'rejects it.', { scope: 'run' });

/** A modality of which a retrieval ends so. */
const asked = (failure: Failure | undefined, more: Partial<RetrievalLook> = {}) =>
  retrievalFinding({
    orthanc: {
      modalities: { retrieve: () => Promise.resolve('job') },
      jobs: { wait: () => Promise.resolve({ failure }) },
    } as unknown as RetrievalLook['orthanc'],
    alias: 'pacs',
    method: 'move',
    watch: {} as RetrievalLook['watch'],
    find: finderFor('modality pacs'),
    remedy: 'Do this.',
    ...more,
  });

describe('a modality that is asked to send what nobody has', () => {
  it('would send where it says that there was nothing to be sent', async () => {
    expect(await asked(undefined)).toMatchObject({ check: 'C-MOVE', verdict: 'ok' });
    expect(await asked(undefined, { method: 'get' })).toMatchObject({ check: 'C-GET', verdict: 'ok' });
  });

  it('is unknown where it may say so of the study as well as of the AET', async () => {
    const { verdict, found } = await asked(nothingToSend);
    expect(verdict).toBe('unknown');
    expect(found).toContain('0xC000');
  });

  it.each([targetUnknown, rejected])('would not where it says so: $code', async (failure) => {
    expect(await asked(failure)).toMatchObject({ verdict: 'problem', found: failure.message });
  });

  it('would not where not even the question can be put', async () => {
    const orthanc = {
      modalities: { retrieve: () => Promise.reject(targetUnknown) },
    } as unknown as RetrievalLook['orthanc'];
    expect(await asked(undefined, { orthanc })).toMatchObject({ verdict: 'problem' });
  });
});
