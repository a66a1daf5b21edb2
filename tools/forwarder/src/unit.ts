/** What is forwarded as a whole: by the trigger a study, a series or one instance. */
export type UnitLevel = 'study' | 'series' | 'instance';

/** The words of python-orthanc-tools, which are also Orthanc's names of its changes. */
export const triggers = ['StableStudy', 'StableSeries', 'NewInstance'] as const;

export type Trigger = (typeof triggers)[number];

export const levelOf: Readonly<Record<Trigger, UnitLevel>> = {
  StableStudy: 'study',
  StableSeries: 'series',
  NewInstance: 'instance',
};

interface Placed {
  readonly id: string;
  readonly seriesId: string;
  readonly studyId: string;
}

/** The unit to which an instance belongs, by its Orthanc identifier. */
export function unitOf({ id, seriesId, studyId }: Placed, level: UnitLevel): string {
  return { study: studyId, series: seriesId, instance: id }[level];
}
