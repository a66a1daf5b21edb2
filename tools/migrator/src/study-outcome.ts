import { type Failure, transientFailure } from '@orthanc-tools/failures';
import type { ListedStudy } from '@orthanc-tools/study-search';
import type { PartException, PartNote } from '@orthanc-tools/work-ledger';
import { type Comparison, compareImages } from './compare-images.ts';
import type { Fetched } from './fetch-study.ts';
import type { Judged, Sent } from './send-study.ts';

/** What is known of a study after a try. */
export interface StudyOutcome {
  readonly outcome: 'migrated' | 'already-there' | 'accepted';
  readonly proof: string;
  /** Images that the destination holds. */
  readonly proved: number;
  /** Of these, so many that were there before: that they are the same, nobody has said. */
  readonly existing: number;
  readonly bytes: number;
  /** Everything that is not, each by name where it has one. */
  readonly exceptions: readonly PartException[];
  /** Whether another try may bring it. */
  readonly mayPass: boolean;
}

/** An exception, and the series to which it belongs. */
interface Gap extends PartException {
  readonly seriesInstanceUid: string;
}

/** Nobody can be asked what has arrived. */
const accepted: StudyOutcome = {
  ...{ outcome: 'accepted', proof: 'none', proved: 0, existing: 0, bytes: 0 },
  ...{ exceptions: [], mayPass: false },
};

/**
 * Of a study that has gone from a modality to where it was to arrive. `told`: how many images the source counts at the
 * level of the study, where it does.
 */
export function outcomeOfFetch(
  { comparison, arrived, held, failure, isUnproved }: Fetched,
  told?: number,
): StudyOutcome {
  if (isUnproved && failure === undefined) return accepted;
  const { gaps, images } = comparison;
  const proof = proofBeside(comparison, held, told);
  const exceptions = namedGaps(gaps, whyOf(failure));
  const missing = gaps.reduce((sum, gap) => sum + gap.missing.length + gap.unnamed, 0);
  const proved = Math.max(0, images - missing);
  const existing = Math.min(arrived.foreign, proved);
  return {
    outcome: existing < proved ? 'migrated' : 'already-there',
    proof: existing > 0 && proof !== 'none' ? 'existence' : proof,
    proved,
    existing,
    bytes: 0,
    exceptions: proof === 'none' ? [...exceptions, listCut] : exceptions,
    mayPass: exceptions.length > 0,
  };
}

const listCut: PartException = {
  part: 'list',
  code: 'LIST_CUT',
  message: 'The source hides images: whether all of them came, nobody can say.',
};

/** Each image by its name, where it has one. */
const namedGaps = (gaps: Comparison['gaps'], why: string): Gap[] =>
  gaps.flatMap(({ series: { seriesInstanceUid }, missing, unnamed }): Gap[] => [
    ...missing.map((uid) => ({ ...gapOf(uid, why), seriesInstanceUid })),
    ...(unnamed > 0
      ? [
          {
            part: seriesInstanceUid,
            code: 'IMAGES_UNNAMED',
            message: `${String(unnamed)} images that the source counts and does not name.`,
            seriesInstanceUid,
          },
        ]
      : []),
  ]);

/**
 * Beside what the source counts at the level of the study. One that counts more images than it names hides some: as many
 * must be held as it counts. One that counts as many as it names hides none, however much its answers look as if cut.
 */
function proofBeside(
  { proof, images, named, isComplete }: Comparison,
  held: number,
  told = 0,
): Comparison['proof'] {
  if (told === 0 || told < images || (told === images && proof !== 'none')) return proof;
  if (told === named) return 'uid';
  if (!isComplete) return proof;
  return held >= told ? 'uid+count' : 'none';
}

const whyOf = (failure: Failure | undefined): string =>
  failure === undefined ? 'The source reports success.' : `${failure.code}: ${failure.message}`;

const gapOf = (uid: string, why: string): PartException => ({
  part: uid,
  code: 'NOT_DELIVERED',
  message: `The destination does not hold it. ${why}`,
});

/** What a source modality has listed of a study that was fetched from it. */
export interface Listed {
  readonly study: ListedStudy;
  /** How many images it counts at the level of the study, where it does. */
  readonly told?: number | undefined;
  /** How many images were there, where it was to arrive, before any was fetched. */
  readonly foreign?: number;
}

/**
 * What the source listed, and Orthanc in between held no more when it was to be sent on: deleted by others, or recycled.
 * Pure.
 */
export function lostBetween({ study, told = 0 }: Listed, { held }: Pick<Sent, 'held'>): PartException[] {
  const series = held.map(({ identifiers }) => [identifiers.sopInstanceUid, identifiers.seriesUid] as const);
  const comparison = compareImages(study, new Map(series));
  const why = 'Orthanc, through which it was to pass, does not hold it any more.';
  if (!comparison.isComplete) return namedGaps(comparison.gaps, why);
  if (proofBeside(comparison, held.length, told) !== 'none') return [];
  return [
    { part: 'list', code: 'NOT_DELIVERED', message: `Of images that the source does not name: ${why}` },
  ];
}

/** Of a study that Orthanc has sent on; from a source modality, all that it listed must have been sent on. */
export function outcomeOfSending(sent: Sent, listed?: Listed): StudyOutcome {
  const outcome = withForeign(outcomeOfWhatWasHeld(sent), listed?.foreign);
  const lost = listed === undefined ? [] : lostBetween(listed, sent);
  if (lost.length === 0) return outcome;
  return { ...outcome, exceptions: [...outcome.exceptions, ...lost], mayPass: true };
}

/** What was sent on and had not come from the source may differ from what the source holds. */
function withForeign(outcome: StudyOutcome, foreign = 0): StudyOutcome {
  const existing = Math.min(outcome.proved, outcome.existing + foreign);
  return existing > 0 ? { ...outcome, existing, proof: 'existence' } : outcome;
}

function outcomeOfWhatWasHeld({ judged, sent, failure, isUnproved }: Sent): StudyOutcome {
  if (isUnproved && failure === undefined) return accepted;
  const proved = judged.filter(isProved);
  const exceptions = oncePerPart(judged.flatMap((one) => exceptionFor(one, failure) ?? []));
  const blind = isUnproved && failure !== undefined;
  return {
    outcome: sent > 0 ? 'migrated' : 'already-there',
    proof: proofOf(proved),
    proved: proved.length,
    existing: proved.filter(({ verdict }) => verdict.is === 'undecided').length,
    bytes: proved.reduce((sum, { instance }) => sum + instance.size, 0),
    exceptions: blind ? [{ part: 'study', code: failure.code, message: failure.message }] : exceptions,
    mayPass: blind || judged.some(({ verdict }) => verdict.is === 'missing'),
  };
}

/** Several instances may bear one UID. */
const oncePerPart = (gaps: readonly Gap[]): Gap[] => [
  ...new Map(gaps.map((gap) => [gap.part, gap])).values(),
];

/** What was there before us is there: that it is the same file, only a hash could tell. */
const isProved = ({ verdict }: Judged): boolean => verdict.is === 'proved' || verdict.is === 'undecided';

/** The weakest of all. */
function proofOf(proved: readonly Judged[]): string {
  const proofs = proved.map(({ verdict }) => (verdict.is === 'proved' ? verdict.proof : 'existence'));
  return (['existence', 'c-find', 'id', 'id+md5'] as const).find((one) => proofs.includes(one)) ?? '';
}

function exceptionFor({ instance, verdict }: Judged, failure: Failure | undefined): Gap | undefined {
  const { sopInstanceUid: part, seriesUid: seriesInstanceUid } = instance.identifiers;
  const why = failure === undefined ? '' : ` ${failure.code}: ${failure.message}`;
  const gap = (code: string, message: string): Gap => ({ part, code, message, seriesInstanceUid });
  switch (verdict.is) {
    case 'proved':
    case 'undecided':
      return undefined;
    case 'missing':
      return gap('NOT_DELIVERED', `The destination does not hold it.${why}`);
    case 'different':
      return gap('CONTENT_CONFLICT', 'The destination holds other content under the same UID.');
    case 'ambiguous':
      return gap(
        'SEVERAL_PATIENTS',
        'Orthanc holds several instances under this UID, or its study of several patients, and the destination does not tell them apart: none is sent.',
      );
    case 'without file':
      return gap('WITHOUT_FILE', `The ${verdict.at} knows it and has no file of it.`);
  }
}

/** What the report tells of each image that is missing. */
export const notesOn = (exceptions: readonly PartException[]): PartNote[] =>
  exceptions.map((exception) => ({ part: exception.part, note: JSON.stringify(exception) }));

export const imagesMissing = (outcome: StudyOutcome): Failure =>
  transientFailure(
    'IMAGES_MISSING',
    `${String(outcome.exceptions.length)} images of the study have not arrived.`,
  );
