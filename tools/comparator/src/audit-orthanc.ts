import { type Orthanc, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import type { Slice } from '@orthanc-tools/study-search';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { byLevel } from './attributes.ts';
import type { StudyVerdict } from './comparison.ts';
import type { Days } from './days-of.ts';
import type { Item } from './item.ts';
import { itemFailure } from './item-failure.ts';
import type { ComparatorOptions } from './open-sides.ts';
import { type OrthancSideRequest, orthancSide } from './orthanc-side.ts';
import { persistence, waitForOrthanc } from './persistence.ts';
import { recordRun } from './record-run.ts';
import { runOnce } from './run-once.ts';
import { parseStudyDate } from './study-dates.ts';
import { waitForHours } from './wait-for-hours.ts';

const filesAtOnce = 4;
const always = { from: '19000101', to: '29991231' };

/** Lets Orthanc read each of its files again and hash it: what is damaged on its disk is told, as a difference. */
export async function auditOrthanc(
  options: ComparatorOptions,
  context: RunContext,
  version: string,
): Promise<RunOutcome> {
  await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
  const { signal } = context;
  const { hasExtendedFind: isLean } = await waitForOrthanc(() => orthanc.system(signal), context);
  const persist = persistence({ orthanc, maxRetries: options.maxRetries, context });
  const asked = { orthanc, isLean, signal, persist };
  const side = orthancSide({ ...asked, depth: { level: 'Study', attributes: byLevel([]) } });
  const auditor = auditorOf(asked);
  const days = givenDays(options);
  const subject = { here: side.name, there: 'the checksums that it keeps', attributes: [] };
  const run = { options, context, ...(days ?? { from: '', to: '' }), subject, version };
  return await recordRun(run, async (record) =>
    runOnce({
      // An index that counts before it tells is asked for centuries as easily as for days.
      slices: (wanted) => side.slices({ ...wanted, mostDays: Infinity }),
      weigh: side.countOf,
      judge: (slice) => auditSlice(slice, auditor),
      record,
      context,
      ...(days ?? always),
      includesUndated: days === undefined || options.includeUndated,
      untilOpen: waitForHours(scheduleFromOptions(options), context),
      repair: (verdict) => Promise.resolve(verdict),
    }),
  );
}

/** Undefined: all. */
function givenDays({ fromStudyDate = '', toStudyDate = '' }: ComparatorOptions): Days | undefined {
  const [from, to] = [parseStudyDate(fromStudyDate), parseStudyDate(toStudyDate)];
  return from === undefined || to === undefined ? undefined : { from, to };
}

function auditorOf({ orthanc, isLean, signal, persist }: Omit<OrthancSideRequest, 'depth'>): Auditor {
  const tell = ['SeriesInstanceUID', 'SOPInstanceUID'];
  return {
    files: async (studyUid) => {
      const match = { StudyInstanceUID: studyUid };
      const query = { level: 'Instance', match, tell, isLean, signal } as const;
      return (await persist(() => orthanc.resources.find(query))).map(({ id, tags }) => ({
        orthancId: id,
        seriesInstanceUid: tags['SeriesInstanceUID'],
        sopInstanceUid: tags['SOPInstanceUID'],
      }));
    },
    look: (id) => persist(() => lookAt(orthanc, id, signal)),
  };
}

type StoredFile = Pick<Item, 'orthancId' | 'seriesInstanceUid' | 'sopInstanceUid'>;
type Looked = Awaited<ReturnType<Orthanc['instances']['verifyMd5']>> | 'missing';

/** `gone` is what Orthanc no longer knows; what it knows without a file is missing. */
async function lookAt(orthanc: Orthanc, id: string, signal: AbortSignal): Promise<Looked> {
  const found = await orthanc.instances.verifyMd5(id, signal);
  return found === 'gone' && (await orthanc.instances.exists(id, signal)) ? 'missing' : found;
}

interface Auditor {
  files(studyUid: string): Promise<StoredFile[]>;
  look(instanceId: string): Promise<Looked>;
}

/** What cannot be asked for makes the study unknown, beside what was found of it. */
async function* auditSlice(slice: Slice, auditor: Auditor): AsyncGenerator<StudyVerdict> {
  for (const { studyInstanceUid, date } of slice.studies.values()) {
    const study = { studyInstanceUid, studyDate: date };
    const items: Item[] = [];
    let sound = 0;
    try {
      for await (const [file, found] of audited(auditor, studyInstanceUid)) {
        const finding = findings[found];
        if (finding !== undefined) items.push({ level: 'instance', ...study, ...file, ...finding });
        if (found === 'sound') sound += 1;
      }
    } catch (error) {
      const failure = itemFailure(error);
      if (failure === undefined) throw error;
      items.push({
        level: 'study',
        ...study,
        state: 'unknown',
        code: failure.code,
        message: failure.message,
      });
    }
    yield { uid: studyInstanceUid, date, items, commonInstances: sound, orthancId: undefined };
  }
}

/** Some files at once, one after the other. */
async function* audited(auditor: Auditor, studyUid: string): AsyncGenerator<[StoredFile, Looked]> {
  const files = await auditor.files(studyUid);
  for (let at = 0; at < files.length; at += filesAtOnce) {
    const some = files.slice(at, at + filesAtOnce);
    const found = await Promise.all(some.map(({ orthancId = '' }) => auditor.look(orthancId)));
    for (const [index, file] of some.entries()) yield [file, found[index] ?? 'gone'];
  }
}

const findings: Partial<Record<Looked, Pick<Item, 'state' | 'code' | 'message'>>> = {
  damaged: { state: 'differs', code: 'FILE_DAMAGED', message: 'What Orthanc reads is not what it stored.' },
  missing: {
    state: 'differs',
    code: 'FILE_MISSING',
    message: 'Orthanc knows the instance and has no file of it.',
  },
  unhashed: {
    state: 'unknown',
    code: 'FILE_UNHASHED',
    message: 'Orthanc keeps no MD5 of it (StoreMD5ForAttachments).',
  },
};
