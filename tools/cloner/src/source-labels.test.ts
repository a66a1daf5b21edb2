import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { labelFor } from './source-labels.ts';
import { nothingProved, notVisited, vanished } from './study-outcome.ts';

const proved = { ...nothingProved, proved: { 'id+md5': 3 } };
const lost = { part: 'i', code: 'INSTANCE_FILTERED', message: 'Filtered.' };

describe('the label of a study', () => {
  it('is that of success only where all of it is proved', () => {
    expect(labelFor(proved)).toBe('success');
    expect(labelFor({ ...proved, accepted: 1 })).toBeUndefined();
  });

  it('is that of failure where a part is missing, or the visit failed', () => {
    expect(labelFor({ ...proved, exceptions: [lost] })).toBe('failure');
    expect(labelFor(notVisited(transientFailure('ORTHANC_BUSY', 'Busy.')))).toBe('failure');
  });

  it('is none where the study is gone, or a server is away', () => {
    expect(labelFor(vanished)).toBeUndefined();
    const away = transientFailure('ORTHANC_UNREACHABLE', 'Away.', { scope: 'run' });
    expect(labelFor(notVisited(away))).toBeUndefined();
  });
});
