import type { Finding } from '@orthanc-tools/failures';
import type { FoundTags } from '@orthanc-tools/orthanc-client';
import { type Find, asFinding, digits, finderFor, retrievalFinding } from '@orthanc-tools/server-examination';
import { systemClock } from '@orthanc-tools/scheduling';
import { knownCap } from '@orthanc-tools/study-search';
import { modalityFindings } from './examine-modality.ts';
import type { RouteLook } from './look.ts';

/** C-ECHO, C-FIND and its caps, and the way of C-MOVE; nothing is fetched. */
export async function sourceFindings(look: RouteLook, alias: string): Promise<Finding[]> {
  const reached = await modalityFindings(look, alias, 'source');
  if (reached.some(({ verdict }) => verdict === 'problem')) return reached;
  const [cap, keys] = await capFindings(look, alias);
  return [...reached, cap, keys, await moveFinding(look, alias)];
}

/** Asks for the wanted range once, as a run would. */
async function capFindings(look: RouteLook, alias: string): Promise<[Finding, Finding]> {
  const { orthanc, options, signal } = look;
  const find = finderFor(`source ${alias}`);
  let found: readonly FoundTags[] = [];
  const cap = await asFinding(
    async () => {
      found = await orthanc.modalities.find(alias, { level: 'Study', keys: keysOf(options) }, signal);
      const mayBeCut = knownCap(options.maxCfindStudyCount).mayBeCut(found.length);
      const told = `${digits(found.length)} studies in one answer`;
      return mayBeCut
        ? find('C-FIND cap', 'ok', `${told}, which may be cut: the range is asked for in parts`)
        : find('C-FIND cap', 'ok', `${told}, not cut`);
    },
    ({ message }) => find('C-FIND cap', 'problem', message, findRemedy),
  );
  return [cap, countFinding(find, found)];
}

const findRemedy = 'Let it answer C-FIND at the level STUDY to the AET of Orthanc.';

function keysOf({ fromStudyDate: from = '', toStudyDate: to = from }: RouteLook['options']) {
  const dates = from <= to ? `${from}-${to}` : `${to}-${from}`;
  return {
    StudyDate: from === '' ? '' : dates,
    StudyInstanceUID: '',
    ModalitiesInStudy: '',
    NumberOfStudyRelatedInstances: '',
  };
}

function countFinding(find: Find, found: readonly FoundTags[]): Finding {
  const check = 'image counts';
  if (found.length === 0) return find(check, 'unknown', 'no study was told', emptyRemedy);
  const counts = found.filter((tags) => Number(tags['NumberOfStudyRelatedInstances'] ?? '') > 0).length;
  if (counts === found.length) return find(check, 'ok', 'told of each study');
  const told = `told of ${digits(counts)} of ${digits(found.length)} studies`;
  return find(check, 'warning', told, countRemedy);
}

const emptyRemedy =
  'Where the source should have some in this range, check --from-study-date (FROM_STUDY_DATE), --to-study-date (TO_STUDY_DATE) and what it allows the AET of Orthanc to see.';

const countRemedy =
  'Where its answers are cut as well, nobody can tell whether all images have arrived: see --max-cfind-study-count (MAX_CFIND_STUDY_COUNT).';

const moveRemedy =
  'Let the source know the AET to which it is to send, with host and port, and allow it C-MOVE; or give --use-get-not-move (USE_GET_NOT_MOVE).';

/** Asks to move a study that nobody has: a source that knows the target answers that there is nothing to move. */
async function moveFinding({ orthanc, route, signal }: RouteLook, alias: string): Promise<Finding> {
  const find = finderFor(`source ${alias}`);
  if (route.from !== 'modality') return find('C-MOVE', 'ok', 'not used');
  return retrievalFinding({
    orthanc,
    alias,
    method: route.method,
    targetAet: route.arrivalAet,
    watch: { clock: systemClock, signal },
    find,
    remedy: moveRemedy,
  });
}
