import type { SeriesFilter } from './destination.ts';

/** What is known of a series without reading its instances. Holds no patient data but the description of the study. */
export interface SeriesFacts {
  readonly modality: string;
  readonly studyDescription: string;
  readonly station: string;
  readonly sender: string;
  /** Of the series and of its study. */
  readonly labels: readonly string[];
}

/** Whether a destination wants the series. Pure. */
export function wantsSeries(filter: SeriesFilter, facts: SeriesFacts): boolean {
  const { modalities, senders, stations, labels, studyDescription, studyDescriptionPattern } = filter;
  const isAmong = (allowed: readonly string[] | undefined, value: string) =>
    allowed === undefined || allowed.includes(value);
  return (
    isAmong(modalities, facts.modality) &&
    isAmong(senders, facts.sender) &&
    isAmong(stations, facts.station) &&
    (labels === undefined || labels.some((label) => facts.labels.includes(label))) &&
    (studyDescription === undefined || holds(facts.studyDescription, studyDescription)) &&
    (studyDescriptionPattern === undefined || studyDescriptionPattern.test(facts.studyDescription))
  );
}

const holds = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
