import type { Attributes } from '@orthanc-tools/dicom-files';
import type { Repetition } from '@orthanc-tools/hl7-messages';
import { lineOfText } from './dicom-text.ts';
import { firstFilled, textAt } from './field-path.ts';
import type { FieldPath, SegmentsOf } from './field-path.ts';

const schemes: Readonly<Record<string, string>> = { LN: 'LN', L: '99LOCAL', '': '99LOCAL' };
const longestShort = 16;

/** A code, its meaning and its scheme, beginning with the component; undefined unless code and meaning are there. */
function codedItem(repetition: Repetition | undefined, component: number): Attributes | undefined {
  const [code, meaning, written] = [0, 1, 2].map((at) => lineOfText(textAt(repetition, component + at))) as [
    string,
    string,
    string,
  ];
  if (code === '' || meaning === '') return undefined;
  const scheme = schemes[written] ?? written;
  return {
    ...(code.length > longestShort ? { LongCodeValue: code } : { CodeValue: code }),
    CodingSchemeDesignator: scheme.length > longestShort ? '99LOCAL' : scheme,
    CodeMeaning: meaning,
  };
}

/** The first of the paths that holds a whole code. */
export function firstCode(segments: SegmentsOf, paths: readonly FieldPath[]): Attributes | undefined {
  for (const path of paths) {
    const item = codedItem(firstFilled(segments, [path])?.repetitions[0], path.component ?? 1);
    if (item !== undefined) return item;
  }
  return undefined;
}
