import { type Fault, openSettingsFile } from '@orthanc-tools/settings-file';
import {
  type Age,
  type Criteria,
  type KeepRule,
  type Policy,
  type RetentionRule,
  type TextTest,
  ageUnits,
} from '../rules/retention-rule.ts';
import { type FileCriteria, type FileKeep, type FileRule, type RulesFile, fileShape } from './file-shape.ts';
import { rulesOption } from './rules-option.ts';

/**
 * @param text what the file holds
 * @throws configuration `OPTIONS_INVALID` that tells every fault with line and column
 */
export function readStructuredRules(path: string, text: string): Policy {
  const file = openSettingsFile(path, { option: rulesOption, shape: fileShape, text });
  file.refuse(checkTogether(file.content));
  const { rules, keep } = file.content;
  return { rules: rules.map(toRule), keep: keep.map(toKeep) };
}

/** What is wrong between things that are each right by themselves. Pure. */
function checkTogether({ rules, keep }: RulesFile): Fault[] {
  const names = [...rules, ...keep].map(({ name }) => name);
  return [
    ...rules.flatMap((rule, index) => checkRule(rule, ['rules', index])),
    ...keep.flatMap((rule, index) => checkKeep(rule, ['keep', index])),
    ...[...rules.map((_, index) => ['rules', index]), ...keep.map((_, index) => ['keep', index])].flatMap(
      (path, index) => {
        const name = names[index] ?? '';
        return names.indexOf(name) < index
          ? [{ path: [...path, 'name'], fault: `"${name}" is the name of another rule already` }]
          : [];
      },
    ),
  ];
}

function checkRule(rule: FileRule, path: Fault['path']): Fault[] {
  const isNarrow = narrows(rule);
  const faults = checkCriteria(rule, path);
  if (!isNarrow && rule.everything !== true) {
    const all = patternKeys.filter((key) => isGiven(rule[key]));
    const why =
      all.length === 0
        ? 'name what it speaks of'
        : `its ${all.join(' and its ')} leaves out nothing that is usually written; name what it speaks of`;
    faults.push({
      path,
      fault: `would delete every study, whatever it is: ${why}, or say "everything: true"`,
    });
  }
  if (saysSomething(rule) && rule.everything === true)
    faults.push({ path: [...path, 'everything'], fault: 'contradicts what else the rule names' });
  return faults;
}

function checkKeep(rule: FileKeep, path: Fault['path']): Fault[] {
  const { patientIds, studyUids, protectedPatients } = rule;
  const isNarrow = saysSomething(rule) || [patientIds, studyUids, protectedPatients].some(isGiven);
  const faults = checkCriteria(rule, path);
  if (!isNarrow) faults.push({ path, fault: 'names nothing, so that nothing could ever be deleted' });
  return faults;
}

const isGiven = (value: unknown): boolean => value !== undefined;

const criteriaKeys = [
  'labels',
  'withoutLabels',
  'modalities',
  'accession',
  'accessionPattern',
  'description',
  'descriptionPattern',
  'institution',
  'institutionPattern',
] as const satisfies readonly (keyof FileCriteria)[];

const saysSomething = (criteria: FileCriteria): boolean => criteriaKeys.some((key) => isGiven(criteria[key]));

const patternKeys = criteriaKeys.filter((key) => key.endsWith('Pattern'));

/**
 * A pattern that finds all of one of these finds all that matters: neither of the first is anything that somebody writes down on
 * purpose, and the others have nothing in common but that they are what is usually written.
 */
const unlike = [
  ['', '\u0001 zqx\u0002'],
  ['CT', 'thorax', '4711', 'Knee left 2', 'MR ABDOMEN'],
];

/** Whether it leaves anything out: a pattern such as `.*` does not, nor does `CT|`, and `.+` no more than what is empty. */
function narrows(criteria: FileCriteria): boolean {
  const given = criteriaKeys.filter((key) => isGiven(criteria[key]));
  return given.some((key) => {
    const written = criteria[key];
    if (!patternKeys.includes(key) || typeof written !== 'string') return true;
    const pattern = new RegExp(written, 'u');
    return !unlike.some((texts) => texts.every((text) => pattern.test(text)));
  });
}

function checkCriteria(criteria: FileCriteria, path: Fault['path']): Fault[] {
  const exclusive = [
    ['labels', 'withoutLabels'],
    ['accession', 'accessionPattern'],
    ['description', 'descriptionPattern'],
    ['institution', 'institutionPattern'],
  ] as const;
  return exclusive.flatMap(([one, other]) =>
    isGiven(criteria[one]) && isGiven(criteria[other])
      ? [{ path: [...path, other], fault: `cannot be given together with ${one}` }]
      : [],
  );
}

function toRule(rule: FileRule): RetentionRule {
  const { name, olderThan, by, minimumToKeep, priority, includeProtected, onlyWhenDiskIsFull } = rule;
  return {
    name,
    criteria: toCriteria(rule),
    age: toAge(olderThan),
    basis: by,
    minimumToKeep,
    priority,
    includesProtected: includeProtected,
    isForFullDisk: onlyWhenDiskIsFull,
  };
}

function toKeep(rule: FileKeep): KeepRule {
  const { name, patientIds, studyUids, protectedPatients, until } = rule;
  return {
    name,
    criteria: toCriteria(rule),
    patientIds: patientIds && new Set(patientIds),
    studyUids: studyUids && new Set(studyUids),
    isForProtected: protectedPatients,
    until: until?.replaceAll('-', ''),
  };
}

function toCriteria(written: FileCriteria): Criteria {
  return {
    labels: written.labels,
    isWithoutLabels: written.withoutLabels,
    modalities: written.modalities,
    accession: toTest(written.accession, written.accessionPattern),
    description: toTest(written.description, written.descriptionPattern),
    institution: toTest(written.institution, written.institutionPattern),
  };
}

function toTest(literal: string | undefined, pattern: string | undefined): TextTest | undefined {
  if (literal !== undefined) return { literal };
  return pattern === undefined ? undefined : { pattern: new RegExp(pattern, 'u') };
}

/** The shape has made sure of its form. */
function toAge(written: string): Age {
  const [, count = '', unit = ''] = /^(\d+) ?([a-z]+?)s?$/.exec(written) ?? [];
  const known = ageUnits.find((one) => one === `${unit}s`);
  if (known === undefined) throw new TypeError(`"${written}" is no age`);
  return { count: Number(count), unit: known };
}
