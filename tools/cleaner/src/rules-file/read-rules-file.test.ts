import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { KnownStudy } from '../rules/known-study.ts';
import { holderOf } from '../rules/matches-study.ts';
import type { RetentionRule } from '../rules/retention-rule.ts';
import { readRulesFile } from './read-rules-file.ts';

function fileOf(text: string, name = 'labels.csv'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'rules-')), name);
  writeFileSync(path, text);
  return path;
}

/** A rule as the Python tool has it. */
const rule = (name: string, criteria: RetentionRule['criteria'], count: number): RetentionRule => ({
  name,
  criteria,
  age: { count, unit: 'weeks' },
  basis: 'both',
  minimumToKeep: 0,
  priority: 0,
  includesProtected: false,
  isForFullDisk: false,
});

const plainStudy: KnownStudy = {
  id: 'a',
  patient: 'p',
  uid: '1',
  patientId: 'P',
  labels: [],
  modalities: ['US'],
  accession: '',
  description: '',
  institution: '',
  studyDate: '20260101',
  studyTime: '',
  lastUpdate: undefined,
  isProtected: false,
};

const rulesIn = async (text: string) => (await readRulesFile(fileOf(text))).rules;

async function refusalOf(text: string, name?: string): Promise<string> {
  const path = fileOf(text, name);
  const refusal = readRulesFile(path);
  await expect(refusal).rejects.toMatchObject({ kind: 'configuration', code: 'OPTIONS_INVALID' });
  const message = await refusal.catch((error: unknown) => (error as Error).message);
  return String(message)
    .replaceAll(`--labels-file-path (LABELS_FILE_PATH): the file "${path}"`, 'FILE')
    .trim();
}

describe('the rules file of the Python tool', () => {
  it('is read with two columns, as documented', async () => {
    expect(await rulesIn('LABEL1,6\nLABEL2,12\n')).toEqual([
      rule('line 1', { labels: ['LABEL1'] }, 6),
      rule('line 2', { labels: ['LABEL2'] }, 12),
    ]);
  });

  it('is read with three and four, with blank lines, comments, quotes, blanks and a byte order mark', async () => {
    const text = '\uFEFF# who wrote this\r\n\r\nLABEL5 , 6,CT\r\n"LABEL2",4,CT,\r\n,6,,acc-nr\r\n,6,MR\r\n';
    expect(await rulesIn(text)).toEqual([
      rule('line 3', { labels: ['LABEL5'], modalities: ['CT'] }, 6),
      rule('line 4', { labels: ['LABEL2'], modalities: ['CT'] }, 4),
      rule('line 5', { accession: { literal: 'acc-nr' } }, 6),
      rule('line 6', { modalities: ['MR'] }, 6),
    ]);
  });

  it('is read with a header, in its order', async () => {
    expect(await rulesIn('Accession Number,weeks,label\nA1,3,L\n')).toEqual([
      rule('line 2', { labels: ['L'], accession: { literal: 'A1' } }, 3),
    ]);
    expect(await rulesIn('label,weeks\nL,3\n')).toEqual([rule('line 2', { labels: ['L'] }, 3)]);
  });

  it('takes "*" for a letter', async () => {
    expect(await rulesIn('*,0,,*\n')).toEqual([
      rule('line 1', { labels: ['*'], accession: { literal: '*' } }, 0),
    ]);
  });

  it.each([
    ['', 'FILE holds no rule.'],
    ['# nothing\n', 'FILE holds no rule.'],
    ['label,weeks\n', 'FILE holds no rule.'],
    ['LABEL1\n', 'FILE, line 1, column 2: the number of weeks must be a whole number, not "".'],
    ['LABEL1,6\nLABEL2,x\n', 'FILE, line 2, column 2: the number of weeks must be a whole number, not "x".'],
    ['LABEL1,6.5\n', 'FILE, line 1, column 2: the number of weeks must be a whole number, not "6.5".'],
    [
      'L,6,CT,a,b\n',
      'FILE, line 1, column 5: there are 4 columns (label, weeks, modality, accession) and no more.',
    ],
    [
      'label,weeks,colour\nL,6,red\n',
      'FILE, line 1, column 3: "colour" is no column (known are label, weeks, modality, accession).',
    ],
    ['label,modality\nL,CT\n', 'FILE, line 1, column 1: the column weeks is missing.'],
    [
      'LABEL1;6\n',
      'FILE, line 1, column 1: its columns are separated by semicolons: separate them by commas.',
    ],
    ['label,weeks,label\nL,6,M\n', 'FILE, line 1, column 3: there is a column label already.'],
  ])('is refused: %j', async (text, sentence) => {
    expect(await refusalOf(text)).toBe(sentence);
  });

  it.each(['99999999', '5201'])('is refused with %s weeks, which is no age', async (weeks) => {
    expect(await refusalOf(`LABEL1,${weeks}\n`)).toMatch(
      /line 1, column 2: the number of weeks must not be above 5200/,
    );
  });

  it.each(['-1', '-12345678'])(
    'is refused with %s weeks: it would delete what has just come',
    async (weeks) => {
      expect(await refusalOf(`LABEL1,6\nLABEL2,${weeks}\n`)).toBe(
        `FILE, line 2, column 2: the number of weeks must not be negative: "${weeks}" would delete what has only just come.`,
      );
    },
  );

  it('is refused when a rule would delete everything without saying so', async () => {
    expect(await refusalOf('LABEL1,6\n,6,,\n')).toMatch(
      /^FILE, line 2, column 1: this rule would delete every study, whatever it is: .*"everything: true"\.$/,
    );
  });

  it('is refused when it is no CSV, with the place', async () => {
    expect(await refusalOf('LABEL1,6\n"LABEL2,12\n')).toMatch(
      /^FILE, line \d, column \d: no CSV \(CSV_\w+\)\.$/,
    );
  });

  it('is refused when it is not there', async () => {
    await expect(readRulesFile('/nowhere/labels.csv')).rejects.toThrow(/cannot be read: ENOENT\.$/);
  });
});

it.each([
  ['labels.csv', 'LABEL1,6\n'],
  ['rules.yml', 'rules: [{name: ä, labels: [A], olderThan: 6 weeks}]\n'],
])('a rules file is known by the hash of what was read (%s)', async (name, text) => {
  const { sha256, rules } = await readRulesFile(fileOf(text, name));
  expect(rules).toHaveLength(1);
  expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
});

describe('the rules file in YAML or JSON', () => {
  it('says everything that a rule can say', async () => {
    const text = `
rules:
  - name: old CT
    labels: [A, B]
    modalities: [CT]
    accessionPattern: ^X
    description: Thorax
    institutionPattern: clinic$
    olderThan: 3 months
    by: arrival
    minimumToKeep: 10
    priority: 5
    includeProtected: true
    onlyWhenDiskIsFull: true
  - {name: rest, everything: true, olderThan: 10years}
keep:
  - {name: hold, studyUids: [1.2.3], patientIds: ['7'], until: '2026-12-31'}
  - {name: shield, protectedPatients: true}
  - {name: not tests, descriptionPattern: ^(?!TEST)}
`;
    const policy = await readRulesFile(fileOf(text, 'rules.yml'));
    expect(policy.rules).toEqual([
      {
        name: 'old CT',
        criteria: {
          labels: ['A', 'B'],
          modalities: ['CT'],
          accession: { pattern: /^X/u },
          description: { literal: 'Thorax' },
          institution: { pattern: /clinic$/u },
        },
        age: { count: 3, unit: 'months' },
        basis: 'arrival',
        minimumToKeep: 10,
        priority: 5,
        includesProtected: true,
        isForFullDisk: true,
      },
      { ...rule('rest', {}, 10), age: { count: 10, unit: 'years' } },
    ]);
    expect(policy.keep).toEqual([
      {
        name: 'hold',
        criteria: {},
        studyUids: new Set(['1.2.3']),
        patientIds: new Set(['7']),
        until: '20261231',
      },
      { name: 'shield', criteria: {}, isForProtected: true },
      { name: 'not tests', criteria: { description: { pattern: /^(?!TEST)/u } } },
    ]);
  });

  it('takes a modality of a keep rule in small letters too, as that does not mind them', async () => {
    const text = 'rules: [{name: r, labels: [x], olderThan: 6 weeks}]\nkeep: [{name: k, modalities: [ct]}]';
    const { keep } = await readRulesFile(fileOf(text, 'rules.yml'));
    expect(keep).toMatchObject([{ criteria: { modalities: ['ct'] } }]);
  });

  it('keeps by a pattern with a negation what that does not name, whatever its capitals', async () => {
    const text =
      'rules: [{name: r, labels: [x], olderThan: 6 weeks}]\nkeep: [{name: k, descriptionPattern: ^(?!TEST)}]';
    const { keep } = await readRulesFile(fileOf(text, 'rules.yml'));
    const isKept = (description: string) =>
      keep.map(holderOf).some((holder) => holder.holdsBack({ ...plainStudy, description }, '20260101'));
    expect(['Testicular US', 'Thorax', 'TEST 1'].map(isKept)).toEqual([true, true, false]);
  });

  it.each(['^Ward', '\\\\d', '[a-z]', '^[A-Z]', 'left', '^\\\\S+$'])(
    'takes a pattern that leaves something out: %s',
    async (pattern) => {
      const text = `rules: [{name: a, olderThan: 6 weeks, descriptionPattern: "${pattern}"}]`;
      const { rules } = await readRulesFile(fileOf(text, 'rules.yml'));
      expect(rules).toMatchObject([
        { criteria: { description: { pattern: new RegExp(pattern.replaceAll('\\\\', '\\'), 'u') } } },
      ]);
    },
  );

  it.each([
    ['rules: []', 'rules must hold one rule at least'],
    ['rules: [{name: "a\\u2028b", olderThan: 6 weeks, labels: [x]}]', 'name must have 1 to 64 characters'],
    ['rules: [{name: a, olderThan: 6 weeks}]', 'rules[0] would delete every study, whatever it is'],
    ['rules: [{name: a, olderThan: 6 weeks, labels: [x], everything: true}]', 'contradicts what else'],
    ['rules: [{name: a, olderThan: 6 weeks, descriptionPattern: ".*"}]', 'would delete every study'],
    ['rules: [{name: a, olderThan: 6 weeks, institutionPattern: CT|}]', 'would delete every study'],
    [
      'rules: [{name: a, olderThan: 6 weeks, descriptionPattern: ".*"}]',
      'descriptionPattern leaves out nothing that is usually written',
    ],
    ['rules: [{name: a, olderThan: 6 weeks, labels: [x], minimumToKeep: -3}]', 'must be 0 or more'],
    ['rules: [{name: a, olderThan: 6 weeks, labels: [x], priority: 1001}]', 'must be 1,000 or less'],
    ['rules: [{name: a, olderThan: 6 weeks, modalities: [ct]}]', 'is no modality'],
    ['rules: [{name: a, olderThan: 6, labels: [x]}]', 'must be text: put it in quotes'],
    ['rules: [{name: a, olderThan: 6 moons, labels: [x]}]', 'must be an age such as 36 hours'],
    ['rules: [{name: a, olderThan: 6 weeks, labels: ["x*"]}]', 'is no label that Orthanc could hold'],
    [
      'rules: [{name: a, olderThan: 6 weeks, label: [x]}]',
      'rules[0].label is not known here. Did you mean labels?',
    ],
    ...['.+', '\\\\w', '^[ -~]*$', '[a-zA-Z0-9]', '^[\\\\w ]+$', '^(?!TEST)'].map((all): [string, string] => [
      `rules: [{name: a, olderThan: 6 weeks, descriptionPattern: "${all}"}]`,
      'would delete every study',
    ]),
    ['rules: [{name: a, olderThan: 6 weeks, accessionPattern: "("}]', 'is no regular expression'],
    [
      'rules: [{name: a, olderThan: 6 weeks, labels: [x], withoutLabels: true}]',
      'cannot be given together with labels',
    ],
    [
      'rules: [{name: a, olderThan: 6 weeks, labels: [x]}]\nkeep: [{name: a, labels: [y]}]',
      '"a" is the name of another rule',
    ],
    [
      'rules: [{name: a, olderThan: 6 weeks, labels: [x]}]\nkeep: [{name: b}]',
      'nothing could ever be deleted',
    ],
    [
      'rules: [{name: a, olderThan: 6 weeks, labels: [x]}]\nkeep: [{name: b, labels: [y], until: "2026-02-30"}]',
      'is no day of the calendar',
    ],
  ])('is refused with the place: %s', async (text, part) => {
    const refusal = await refusalOf(text, 'rules.yaml');
    expect(refusal).toContain(part);
    expect(refusal).toMatch(/^FILE, line \d+, column \d+: /);
  });
});
