// The one declaration of the rules file in YAML or JSON: what is read, its types and the published schema derive from it.
import * as z from 'zod';
import { ageBases, ageUnits } from '../rules/retention-rule.ts';
import { dayIn } from '../rules/wall-clock.ts';

/** What Orthanc tells is compared without blanks at its ends. */
const trimmed = z.string().trim().min(1);

const filled = (describe: string) => trimmed.describe(describe);

const label = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}$/,
    'is no label that Orthanc could hold (letters, digits, _ and -): it can never match',
  );

const modality = z
  .string()
  .regex(/^[A-Z0-9_ ]{1,16}$/, 'is no modality (capitals and digits, such as CT): it can never match');

/** Keep rules do not mind capitals. */
const anyModality = z
  .string()
  .regex(/^[A-Za-z0-9_ ]{1,16}$/, 'is no modality (letters and digits, such as CT): it can never match');

function atLeastOne<Element extends z.ZodType>(element: Element) {
  return z.array(element).min(1, 'is empty: it can never match');
}

function pattern(of: string) {
  return z
    .string()
    .min(1)
    .superRefine((written, context) => {
      const fault = faultOfPattern(written);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .describe(`Regular expression (of JavaScript) for the ${of}; ^ and $ stand for its ends.`)
    .optional();
}

function faultOfPattern(written: string): string | undefined {
  try {
    new RegExp(written, 'u');
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(': ').at(-1) : 'unknown reason';
    return `is no regular expression: ${reason ?? ''}`;
  }
}

const exactly = (of: string) =>
  filled(`The ${of}, letter by letter: no character stands for others.`).optional();

const criteriaShape = {
  labels: atLeastOne(label).describe('One of these labels, at the study.').optional(),
  withoutLabels: z.literal(true).describe('Only studies without any label.').optional(),
  modalities: atLeastOne(modality).describe('A series of the study has one of these modalities.').optional(),
  accession: exactly('accession number (0008,0050)'),
  accessionPattern: pattern('accession number (0008,0050)'),
  description: exactly('study description (0008,1030)'),
  descriptionPattern: pattern('study description (0008,1030)'),
  institution: exactly('institution name (0008,0080)'),
  institutionPattern: pattern('institution name (0008,0080)'),
};

const nameShape = z
  .string()
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,64}$/u, 'must have 1 to 64 characters, on one line')
  .describe('Stands in the plan, the log and the audit trail: write nothing of patients into it.');

const ageShape = z
  .string()
  .regex(
    new RegExp(`^[0-9]{1,5} ?(${ageUnits.map((unit) => `${unit.slice(0, -1)}s?`).join('|')})$`),
    'must be an age such as 36 hours, 10 days, 6 weeks, 3 months or 10 years',
  )
  .describe('Age from which on studies are deleted: hours, days, weeks, months or years.');

const dayShape = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, 'must be a day such as 2026-12-31')
  .refine((written) => dayIn(written.replaceAll('-', '')) !== undefined, 'is no day of the calendar');

const ruleShape = z.strictObject({
  name: nameShape,
  ...criteriaShape,
  everything: z
    .literal(true)
    .describe('The rule speaks of every study: needed where it names nothing else.')
    .optional(),
  olderThan: ageShape,
  by: z
    .enum(ageBases)
    .default('both')
    .describe(
      'What must be that old: the study date, the last update (the last arrival or change, by Orthanc), both, or the arrival of the last image.',
    ),
  minimumToKeep: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('So many of the newest studies of which the rule speaks stay, whatever their age.'),
  priority: z.int().min(-1000).max(1000).default(0).describe('What has more is deleted first.'),
  includeProtected: z.boolean().default(false).describe('Also studies of protected patients.'),
  onlyWhenDiskIsFull: z
    .boolean()
    .default(false)
    .describe('Applies only above --disk-high-mark, and only until --disk-low-mark is reached.'),
});

const keepShape = z.strictObject({
  name: nameShape,
  ...criteriaShape,
  modalities: atLeastOne(anyModality)
    .describe('A series of the study has one of these modalities, in capitals or not.')
    .optional(),
  patientIds: atLeastOne(trimmed).describe('Patient ID (0010,0020), one of these.').optional(),
  studyUids: atLeastOne(z.string().regex(/^[0-9.]{1,64}$/, 'is no UID'))
    .describe('Study Instance UID (0020,000D), one of these.')
    .optional(),
  protectedPatients: z
    .literal(true)
    .describe('Studies of protected patients, also where a rule includes them.')
    .optional(),
  until: dayShape.describe('Last day on which it holds, such as 2026-12-31; for ever without it.').optional(),
});

export const fileShape = z
  .strictObject({
    $schema: z.string().optional().describe('For editors.'),
    rules: z.array(ruleShape).min(1, 'must hold one rule at least'),
    keep: z.array(keepShape).default([]).describe('What is kept, whatever the rules say.'),
  })
  .describe('Rules of orthanc-cleaner.');

export type RulesFile = z.output<typeof fileShape>;
export type FileRule = RulesFile['rules'][number];
export type FileKeep = RulesFile['keep'][number];
export type FileCriteria = Pick<FileRule, keyof typeof criteriaShape>;
