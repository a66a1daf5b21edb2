import type { Component, Repetition, Segment } from '@orthanc-tools/hl7-messages';

/** A place in a message: `PID-5`, `OBR-4.2`, `PID-3.4.2`. */
export interface FieldPath {
  readonly segment: string;
  readonly field: number;
  readonly component: number | undefined;
  readonly subcomponent: number | undefined;
  /** Which repetition, from 1; the first that is not empty, when left out. */
  readonly repetition: number | undefined;
}

const dashed = /^([A-Z][A-Z0-9]{2})-(\d{1,3})(?:\[(\d{1,2})\])?(?:\.(\d{1,2}))?(?:\.(\d{1,2}))?$/;
/** As sites of the Python tool write it: `PV1.F19.R1.C1`. */
const dotted = /^([A-Z][A-Z0-9]{2})\.F(\d{1,3})(?:\.R(\d{1,2}))?(?:\.C(\d{1,2}))?(?:\.S(\d{1,2}))?$/;

const numberIn = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

/** @throws TypeError for what is no path */
export function parseFieldPath(written: string): FieldPath {
  const match = dashed.exec(written.trim()) ?? dotted.exec(written.trim());
  if (match === null) throw new TypeError(`"${written}" is no field such as PID-5 or OBR-4.2`);
  const [, segment = '', field, repetition, component, subcomponent] = match;
  return {
    segment,
    field: Number(field),
    repetition: numberIn(repetition),
    component: numberIn(component),
    subcomponent: numberIn(subcomponent),
  };
}

/** The segments that one order of a message consists of, by name; several where the message has several. */
export type SegmentsOf = (name: string) => readonly Segment[];

/** In HL7 it means: delete what you hold. */
const deletion = '""';

const value = (text: string | undefined): string => (text === undefined || text === deletion ? '' : text);

export const componentText = (component: Component | undefined, subcomponent = 1): string =>
  value(component?.[subcomponent - 1]).trim();

export const textAt = (repetition: Repetition | undefined, component = 1, subcomponent = 1): string =>
  componentText(repetition?.[component - 1], subcomponent);

export const isFilled = (repetition: Repetition): boolean =>
  repetition.some((component) => component.some((text) => value(text).trim() !== ''));

/** Whether the field says in so many words that there is nothing, which one that is left empty does not. */
export const isDeleted = (segments: SegmentsOf, paths: readonly FieldPath[]): boolean =>
  paths.some(({ segment, field, component = 1, subcomponent = 1 }) =>
    (segments(segment)[0]?.field(field) ?? []).some(
      (repetition) => repetition[component - 1]?.[subcomponent - 1]?.trim() === deletion,
    ),
  );

/** The repetitions to which a path leads; none where the field is empty. */
export function repetitionsAt(
  segments: SegmentsOf,
  { segment, field, repetition }: FieldPath,
): readonly Repetition[] {
  const repetitions = segments(segment)[0]?.field(field) ?? [];
  const wanted = repetition === undefined ? repetitions : repetitions.slice(repetition - 1, repetition);
  return wanted.filter(isFilled);
}

/** What stands at the first of the paths that leads to anything; '' where none does. */
export function firstText(segments: SegmentsOf, paths: readonly FieldPath[]): string {
  for (const path of paths)
    for (const one of repetitionsAt(segments, path)) {
      const text = textAt(one, path.component, path.subcomponent);
      if (text !== '') return text;
    }
  return '';
}

/** All that stands at the paths, in their order. */
export const textsAt = (segments: SegmentsOf, paths: readonly FieldPath[]): string[] =>
  paths
    .flatMap((path) =>
      repetitionsAt(segments, path).map((one) => textAt(one, path.component, path.subcomponent)),
    )
    .filter((text) => text !== '');

/** The first path at which anything stands, and its repetitions. */
export function firstFilled(
  segments: SegmentsOf,
  paths: readonly FieldPath[],
): { readonly path: FieldPath; readonly repetitions: readonly Repetition[] } | undefined {
  for (const path of paths) {
    const repetitions = repetitionsAt(segments, path).filter(
      (repetition) =>
        path.component === undefined || textAt(repetition, path.component, path.subcomponent) !== '',
    );
    if (repetitions.length > 0) return { path, repetitions };
  }
  return undefined;
}
