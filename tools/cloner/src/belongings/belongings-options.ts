import { duration, oneOf, textList, toggle } from '@orthanc-tools/tool-options';
import { belongingKinds } from './belonging.ts';

const group = 'What users have added';
const nothing = 'none';

/** Series metadata that the DICOMweb plugin keeps as an attachment: made by each server for itself. */
const dicomWebCache = '4301';

const isKnown = (word: string) => word === nothing || belongingKinds.some((kind) => kind === word);

function faultIn(words: readonly string[]): string | undefined {
  const stray = words.find((word) => !isKnown(word));
  if (stray !== undefined)
    return `must name ${belongingKinds.join(', ')} or ${nothing}, separated by commas, not "${stray}"`;
  return words.includes(nothing) && words.length > 1 ? `names "${nothing}" beside something else` : undefined;
}

export const belongingsOptions = {
  belongings: textList({
    describe:
      'What travels beside the images, and is proved: labels, metadata and attachments of users (numbers from 1024 on), the protection of patients; or none.',
    default: belongingKinds,
    placeholder: 'KIND,…',
    check: faultIn,
    group,
  }),
  belongingsConflicts: oneOf(['report', 'source'], {
    describe:
      'What the users of the destination have set differently from the source: report leaves it as it is and sets the study aside, source replaces it.',
    default: 'report',
    group,
  }),
  belongingsRemovals: toggle({
    describe:
      'Take away at the destination what the clone has brought and the source has no longer: labels, metadata, attachments, protection. Images are never deleted.',
    group,
  }),
  skipUserContent: textList({
    describe: 'Numbers of metadata and attachments that stay behind, such as caches of plugins.',
    default: [dicomWebCache],
    placeholder: 'N,…',
    check: (numbers: readonly string[]) =>
      numbers.every((number) => /^\d+$/.test(number)) ? undefined : 'must be numbers, separated by commas',
    group,
  }),
  labelsSweep: duration({
    describe:
      'How often labels and protection are compared on both sides, and --label is applied to studies that are known already, as no entry of the change log tells of labels; 0s for never.',
    default: '1h',
    group,
  }),
};
