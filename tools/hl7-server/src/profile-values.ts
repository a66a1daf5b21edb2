import type { Repetition } from '@orthanc-tools/hl7-messages';
import { lineOfText } from './dicom-text.ts';
import { componentText, firstFilled, firstText } from './field-path.ts';
import type { SegmentsOf } from './field-path.ts';
import { personName, physicianName } from './person-name.ts';
import type { Profile } from './profile.ts';

/** What a profile finds for attributes among the segments of an order. */
export interface ProfileValues {
  /** The first text, translated; the default where there is none. */
  text(keyword: string): string;
  /** The same, as one line. */
  line(keyword: string, most?: number): string;
  /** Whether a field says it, rather than a default. */
  isSaid(keyword: string): boolean;
  repetitions(keyword: string): readonly Repetition[];
  /** XPN. */
  name(keyword: string): string;
  /** XCN. */
  physician(keyword: string): string;
  /** All filled components of the field, in one line. */
  joined(keyword: string, separator: string, most?: number): string;
}

function translated(profile: Profile, keyword: string, text: string): string {
  const table = profile.translate.get(keyword);
  if (table === undefined || text === '') return text;
  return table.get(text.toUpperCase()) ?? table.get('*') ?? text;
}

export function profileValues(segments: SegmentsOf, profile: Profile): ProfileValues {
  const paths = (keyword: string) => profile.sources.get(keyword) ?? [];
  const said = (keyword: string) => translated(profile, keyword, firstText(segments, paths(keyword)));
  const text = (keyword: string) => said(keyword) || (profile.defaults.get(keyword) ?? '');
  const repetitions = (keyword: string) => firstFilled(segments, paths(keyword))?.repetitions ?? [];
  return {
    text,
    line: (keyword, most) => lineOfText(text(keyword), most),
    isSaid: (keyword) => said(keyword) !== '',
    repetitions,
    name: (keyword) => personName(repetitions(keyword), profile.nameOrder),
    physician: (keyword) => {
      for (const path of paths(keyword)) {
        const names = (firstFilled(segments, [path])?.repetitions ?? []).map(physicianName);
        const name = names.find((one) => one !== '');
        if (name !== undefined) return name;
      }
      return '';
    },
    joined: (keyword, separator, most) => {
      const parts = (repetitions(keyword)[0] ?? []).map((component) => componentText(component));
      const kept = separator === '^' ? parts : parts.filter((part) => part !== '');
      return lineOfText(kept.join(separator).replace(/\^+$/, ''), most);
    },
  };
}
