import { type Finding, asFailure } from '@orthanc-tools/failures';
import type { FoundTags, Orthanc } from '@orthanc-tools/orthanc-client';
import { type Find, digits, finderFor, retrievalFinding } from '@orthanc-tools/server-examination';
import { knownCap } from '@orthanc-tools/study-search';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { ComparatorOptions } from './open-sides.ts';
import { dayBefore, parseStudyDate } from './study-dates.ts';
import { timeZoneOf } from './time-zone-of.ts';

interface ModalityLook {
  readonly orthanc: Orthanc;
  readonly alias: string;
  readonly options: ComparatorOptions;
  readonly context: RunContext;
}

/** The modality as a comparison needs it: that it answers, how much at once, below study level, and whether it would send. */
export async function examineModality(look: ModalityLook): Promise<Finding[]> {
  const find = finderFor(`modality ${look.alias}`);
  const echo = await guarded(find, 'C-ECHO', () => echoFinding(look, find));
  if (echo.verdict !== 'ok') return [{ ...echo, verdict: 'problem', remedy: reachable }];
  let studies: FoundTags[] = [];
  const found = await guarded(find, 'C-FIND', async () => {
    studies = await someStudies(look);
    return findFinding(find, studies, look);
  });
  return [
    echo,
    found,
    await guarded(find, 'questions for several studies', () => relationalFinding(look, find, studies)),
    await moveFinding(look, find),
    find(
      'transfer syntaxes',
      'unknown',
      'only sending shows which ones it accepts',
      'Look at its conformance statement; what it refuses is told by a repair, item by item.',
    ),
  ];
}

const reachable =
  'Check AET, host and port of the modality in Orthanc, whether it runs, the firewall, and whether it knows the AET of Orthanc.';

async function guarded(find: Find, check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    const isNeeded = check === 'C-FIND';
    return find(check, isNeeded ? 'problem' : 'warning', failure.message, remedies[check]);
  }
}

const remedies: Readonly<Record<string, string>> = {
  'C-FIND': 'Let it answer C-FIND (study root) to the AET of Orthanc: nothing can be compared without.',
};

const moveRemedy =
  'Let it know the AET, host and port of Orthanc, and allow it C-MOVE: --retrieve-missing-from-orthanc needs it.';

async function echoFinding({ orthanc, alias, context }: ModalityLook, find: Find): Promise<Finding> {
  const asked = performance.now();
  await orthanc.modalities.echo(alias, { signal: context.signal });
  return find('C-ECHO', 'ok', `answered within ${digits(Math.ceil(performance.now() - asked))} ms`);
}

const lastDays = 30;

function someStudies({ orthanc, alias, options, context }: ModalityLook): Promise<FoundTags[]> {
  const zone = timeZoneOf(options);
  const now = context.clock.now();
  const given = [options.fromStudyDate, options.toStudyDate].map((date) => parseStudyDate(date ?? ''));
  const [from = dayBefore(now, options.daysToCompare ?? lastDays, zone), to = dayBefore(now, 0, zone)] =
    given;
  const [first, last] = from <= to ? [from, to] : [to, from];
  const keys = { StudyInstanceUID: '', NumberOfStudyRelatedInstances: '', StudyDate: `${first}-${last}` };
  return orthanc.modalities.find(alias, { level: 'Study', keys }, context.signal);
}

function findFinding(find: Find, studies: readonly FoundTags[], { options }: ModalityLook): Promise<Finding> {
  const told = `${digits(studies.length)} studies of these days are told at once`;
  const isCut = knownCap(options.maxCfindStudyCount).mayBeCut(studies.length);
  return Promise.resolve(
    isCut
      ? find(
          'C-FIND',
          'warning',
          `${told}: this looks like its limit, and then it is asked in parts`,
          'Give its limit with --max-cfind-study-count (MAX_CFIND_STUDY_COUNT): it need not be found out then.',
        )
      : find('C-FIND', 'ok', told),
  );
}

async function relationalFinding(
  { orthanc, alias, context }: ModalityLook,
  find: Find,
  studies: readonly FoundTags[],
): Promise<Finding> {
  const check = 'questions for several studies';
  const uids = studies
    .map((tags) => tags['StudyInstanceUID'] ?? '')
    .filter((uid) => uid !== '')
    .slice(0, 2);
  if (uids.length < 2) return find(check, 'unknown', 'it has too few studies of these days to ask about');
  const keys = { StudyInstanceUID: uids.join('\\'), SeriesInstanceUID: '' };
  const answers = await orthanc.modalities.find(alias, { level: 'Series', keys }, context.signal);
  const told = new Set(answers.map((tags) => tags['StudyInstanceUID']));
  return uids.every((uid) => told.has(uid))
    ? find(check, 'ok', 'answered: series and images are compared many at once')
    : find(check, 'ok', 'not answered: each series is asked for, which takes longer');
}

/** Nothing can be fetched without; what is fetched is wanted only where the options say so. */
async function moveFinding({ orthanc, alias, options, context }: ModalityLook, find: Find): Promise<Finding> {
  const { clock, signal } = context;
  const watch = { clock, signal };
  const found = await retrievalFinding({ orthanc, alias, method: 'move', watch, find, remedy: moveRemedy });
  const isOnlyWarned = found.verdict === 'problem' && !options.retrieveMissingFromOrthanc;
  return isOnlyWarned ? { ...found, verdict: 'warning' } : found;
}
