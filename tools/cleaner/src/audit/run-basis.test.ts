import { expect, it } from '@jest/globals';
import type { RetentionRule } from '../rules/retention-rule.ts';
import { basisOf } from './run-basis.ts';

const rule: RetentionRule = {
  name: 'line 1',
  criteria: { labels: ['A'], modalities: ['CT'], accession: { literal: 'ACC4711' } },
  age: { count: 6, unit: 'weeks' },
  basis: 'both',
  minimumToKeep: 0,
  priority: 0,
  includesProtected: false,
  isForFullDisk: false,
};
const options = {
  labelsFilePath: 'rules.csv',
  maxStudies: 1000,
  maxPercent: 20,
  quarantineDays: 7,
  quarantineLabel: 'to-be-deleted',
  onlyIfAt: 'https://user:word@other:8042/',
};
const sources = { orthancUrl: 'http://a:8042/', databaseIdentifier: 'db', rulesSha256: 'abc' };

it('a run is told with all that decides, whatever the rule is called', () => {
  expect(basisOf({ rules: [rule], keep: [] }, options, sources)).toEqual({
    orthanc: { url: 'http://a:8042/', databaseServerIdentifier: 'db' },
    rulesFile: { path: 'rules.csv', sha256: 'abc' },
    rules: [
      {
        name: 'line 1',
        labels: ['A'],
        withoutLabels: undefined,
        modalities: ['CT'],
        compares: ['accession'],
        olderThan: '6 weeks',
        by: 'both',
        minimumToKeep: 0,
        priority: 0,
        includeProtected: false,
        onlyWhenDiskIsFull: false,
      },
    ],
    keep: [],
    options: {
      maxStudies: 1000,
      maxPercent: 20,
      quarantineDays: 7,
      quarantineLabel: 'to-be-deleted',
      onlyIfAt: 'https://other:8042/',
    },
  });
});

it('what may be of patients, and passwords, are not told', () => {
  const keep = [{ name: 'hold', criteria: {}, patientIds: new Set(['P4711']), until: '20311231' }];
  const told = basisOf({ rules: [rule], keep }, options, sources);
  expect(told['keep']).toMatchObject([{ name: 'hold', compares: ['patientIds'], until: '20311231' }]);
  expect(JSON.stringify(told)).not.toMatch(/4711|word/);
});
