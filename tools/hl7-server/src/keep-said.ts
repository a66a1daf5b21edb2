import type { Attributes } from '@orthanc-tools/dicom-files';
import type { MappedStep } from './order-attributes.ts';
import { isEmptyValue } from './patient-attributes.ts';

/** What belongs to another attribute: of another procedure the old code would be wrong. */
const belongsTo: Readonly<Record<string, string>> = {
  RequestedProcedureCodeSequence: 'RequestedProcedureDescription',
  ScheduledProtocolCodeSequence: 'ScheduledProcedureStepDescription',
  IssuerOfAdmissionIDSequence: 'AdmissionID',
  ResponsiblePersonRole: 'ResponsiblePerson',
};

export type Saying = Pick<MappedStep, 'guessed' | 'deleted' | 'isChange'>;

/** The attributes of a message, and what it does not say as an earlier one said it. */
export function keepSaid(told: Attributes, before: Attributes, saying: Saying): Attributes {
  const isSaid = (keyword: string): boolean =>
    saying.deleted.includes(keyword) ||
    (!saying.guessed.includes(keyword) && (!saying.isChange || !isEmptyValue(told[keyword])));
  const kept = Object.entries(before).filter(
    ([keyword, value]) => !isEmptyValue(value) && !isSaid(keyword) && !isSaid(belongsTo[keyword] ?? keyword),
  );
  return { ...told, ...Object.fromEntries(kept) };
}
