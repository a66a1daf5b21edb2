import { expect, it } from '@jest/globals';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { judgeBy } from '../rules/judge-study.ts';
import type { RetentionRule } from '../rules/retention-rule.ts';
import { deletePortion } from './delete-portion.ts';

const lastUpdate = '20260101T100000';
const updateSeen = Date.parse('2026-01-01T10:00:00Z');
const rule: RetentionRule = {
  name: 'old',
  criteria: { labels: ['A'] },
  age: { count: 10, unit: 'days' },
  basis: 'both',
  minimumToKeep: 0,
  priority: 0,
  includesProtected: false,
  isForFullDisk: false,
};
const planned: WeighedStudy = {
  id: 's',
  uid: '1.2',
  patient: 'p',
  rule,
  isInQuarantine: false,
  labels: ['A'],
  modalities: [],
  studyDate: '20200101',
  lastUpdate: updateSeen,
  updateSeen,
  arrival: undefined,
  newness: '',
  instances: 1,
  bytes: 10,
};

/** One study of one image here, which the other place has; `change` happens whenever its images are listed. */
function openPortion(change: (labels: string[], listings: number) => void, areRulesTheSame = () => true) {
  const labels = ['A'];
  const deleted: string[] = [];
  let listings = 0;
  const study = () => ({
    id: 's',
    patientId: 'p',
    seriesIds: [],
    labels: [...labels],
    modalities: [],
    lastUpdate,
    tags: { StudyInstanceUID: '1.2', PatientID: 'P', StudyDate: '20200101' },
  });
  const orthanc = {
    now: () => Promise.resolve(new Date('2026-06-30T12:00:00Z')),
    studies: {
      async *list() {
        yield await Promise.resolve(deleted.length > 0 ? [] : [study()]);
      },
      instanceIdsOfEach: () => Promise.resolve(new Map([['s', deleted.length > 0 ? [] : ['i']]])),
    },
    resources: { facts: () => Promise.resolve([]) },
    patients: { protectionOf: () => Promise.resolve(new Map([['p', false]])) },
    findInstances: () => {
      change(labels, (listings += 1));
      return Promise.resolve([{ id: 'i', seriesId: 'e', size: 1, md5: 'm' }]);
    },
    instances: {
      deleteAll: (ids: readonly string[]) => {
        deleted.push(...ids);
        return Promise.resolve();
      },
    },
  };
  const context = {
    orthanc,
    judge: judgeBy(
      { rules: [rule], keep: [{ name: 'hold', criteria: { labels: ['HOLD'] } }] },
      { now: new Date('2026-06-30T12:00:00Z'), timeZone: 'UTC' },
    ),
    quarantine: { days: 0, label: 'to-be-deleted', isOfRules: false },
    elsewhere: { holds: () => Promise.resolve('all') },
    trail: { write() {} },
    memory: {
      quarantineOf: () => undefined,
      begunOf: () => undefined,
      noteBegun() {},
      forgetBegun() {},
      forgetQuarantine() {},
    },
    canSayMore: () => Promise.resolve(areRulesTheSame()),
    signal: new AbortController().signal,
  } as unknown as Parameters<typeof deletePortion>[2];
  return { deleted, end: () => deletePortion([planned], new Map([['s', ['i']]]), context) };
}

it('deletes what the other place has', async () => {
  const { deleted, end } = openPortion(() => undefined);
  expect((await end()).get('s')).toMatchObject({ is: 'deleted', instances: 1 });
  expect(deleted).toEqual(['i']);
});

it('heeds a label that holds a study, put while its images are compared with what the other place has told', async () => {
  const { deleted, end } = openPortion((labels, listings) => {
    if (listings === 2) labels.push('HOLD');
  });
  expect((await end()).get('s')).toEqual({ is: 'left', why: 'held back' });
  expect(deleted).toEqual([]);
});

it('deletes nothing by rules that were changed while the other place was asked', async () => {
  let isAsked = false;
  const { deleted, end } = openPortion(
    () => (isAsked = true),
    () => !isAsked,
  );
  expect([await end(), deleted]).toEqual([new Map(), []]);
});
