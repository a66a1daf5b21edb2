import { describe, expect, it } from '@jest/globals';
import type { Orthanc, ResourceBelongings } from '@orthanc-tools/orthanc-client';
import type { StudyView } from '../study-view.ts';
import type { BelongingsWork } from './belongings-work.ts';
import { bringBelongings } from './bring-belongings.ts';
import { matchNumbers } from './match-numbers.ts';

const study = (labels: readonly string[]): ResourceBelongings => ({
  level: 'Study',
  id: 'study',
  labels: [...labels],
  metadata: new Map(),
  attachments: new Map(),
});

const work: BelongingsWork = {
  kinds: new Set(['labels']),
  skipped: new Set(),
  ownLabels: new Set(),
  rules: { onConflict: 'report', removes: false },
  memory: { read: () => new Map(), write: () => undefined },
  numbers: matchNumbers(new Map(), new Map()),
  isToldWithInstances: true,
};

/** A destination that tells of the study what it is told to, one answer after the other. */
async function bring(answers: readonly (readonly ResourceBelongings[])[], isProved: boolean) {
  let asked = 0;
  const ofStudies = (heads: readonly unknown[]) =>
    Promise.resolve(heads.length === 0 ? new Map() : new Map([['study', answers[asked++] ?? []]]));
  const destination = { belongings: { ofStudies }, labels: { put: () => Promise.resolve() } };
  const lanes = {
    source: {},
    destination,
    outages: {},
    // As much of both as is asked for.
  } as unknown as { source: Orthanc; destination: Orthanc; outages: never };
  const view: StudyView = { studyId: 'study', head: undefined, here: [], there: [], missing: [] };
  const outcomes = await bringBelongings([{ view, told: [study(['URGENT'])], isProved }], {
    lanes,
    work,
    signal: new AbortController().signal,
  });
  return outcomes.get('study');
}

describe('what belongs to a study', () => {
  it('is proved once the destination tells it', async () => {
    expect(await bring([[study([])], [study(['URGENT'])]], true)).toMatchObject({ brought: 1, proved: 1 });
  });

  it('waits when the study goes from the destination after its images were proved', async () => {
    for (const answers of [[[], []], [[study([])], []], [[study([])]]])
      expect(await bring(answers, true)).toMatchObject({
        proved: 0,
        pending: ['studies/study/labels/URGENT'],
        unfinished: { kind: 'transient', code: 'GONE_FROM_DESTINATION' },
      });
  });

  it('is no trouble of its own where no image could be placed', async () => {
    expect(await bring([[]], false)).toMatchObject({ proved: 0, pending: [], exceptions: [] });
  });
});
