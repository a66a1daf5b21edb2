import { scripts } from '../people/scripts.ts';
import type { SyntheticSeries, SyntheticStudy } from '../archive/synthesize-archive.ts';
import type { EdgeCaseName } from './catalogue.ts';
import { attributesOf, edgeInstance, identifiersOf, plainAttributes } from './edge-file.ts';
import type { EdgeFile, EdgePlace } from './edge-file.ts';
import { recipes } from './recipes.ts';

export interface EdgeCaseRequest {
  readonly seed: string | number;
  readonly names: readonly EdgeCaseName[];
  /** Index of the first study, behind those of the archive beside which they are made. */
  readonly firstStudy: number;
}

const seriesOf = (place: EdgePlace, files: readonly EdgeFile[]): SyntheticSeries => ({
  seriesInstanceUid: identifiersOf(attributesOf(place, files[0] ?? {})).seriesInstanceUid,
  modality: 'OT',
  description: '',
  instanceCount: files.length,
  *instances() {
    for (const [at, file] of files.entries()) yield edgeInstance({ ...place, instance: at + 1 }, file);
  },
});

const [names] = scripts;

const studyOf = (place: EdgePlace, files: readonly EdgeFile[], index: number): SyntheticStudy => {
  if (names === undefined) throw new TypeError('there must be a writing system');
  const attributes = attributesOf(place, files[0] ?? {});
  const { patientId, studyInstanceUid } = identifiersOf(attributes);
  const { PatientName, PatientBirthDate, StudyDescription, AccessionNumber } = plainAttributes(place);
  const series = seriesOf(place, files);
  const { StudyDate = '', AccessionNumber: accession } = attributes;
  return {
    index,
    edgeCase: place.name,
    patient: { patientId, name: PatientName, birthDate: PatientBirthDate, sex: 'F', names },
    studyInstanceUid,
    accessionNumber: typeof accession === 'string' ? accession : AccessionNumber,
    description: StudyDescription,
    date: typeof StudyDate === 'string' ? StudyDate : '',
    series: [series],
    instanceCount: files.length,
    instances: () => series.instances(),
  };
};

/** The studies of the cases, in the order of the names. What a case is made of follows from the seed and its name alone. */
export const synthesizeEdgeCases = ({ seed, names, firstStudy }: EdgeCaseRequest): SyntheticStudy[] =>
  names
    .flatMap((name) =>
      recipes[name](seed).map((files, at) => ({ place: { seed, name, study: at + 1, instance: 1 }, files })),
    )
    .map(({ place, files }, at) => studyOf(place, files, firstStudy + at));
