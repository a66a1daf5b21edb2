import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import type { Slice } from '@orthanc-tools/study-search';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { byLevel } from './attributes.ts';
import type { StudyVerdict } from './comparison.ts';
import type { Item } from './item.ts';
import type { ComparatorOptions } from './open-sides.ts';
import { orthancSide } from './orthanc-side.ts';
import { waitForOrthanc } from './persistence.ts';
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
  const persist = <Answer>(ask: () => Promise<Answer>) => waitForOrthanc(ask, context);
  const { signal } = context;
  const { hasExtendedFind: isLean } = await persist(() => orthanc.system(signal));
  const depth = { level: 'Study', attributes: byLevel([]) } as const;
  const side = orthancSide({ orthanc, depth, isLean, signal, persist });
  const [from, to] = [parseStudyDate(options.fromStudyDate ?? ''), parseStudyDate(options.toStudyDate ?? '')];
  const isAll = from === undefined || to === undefined;
  const days = isAll ? { from: '', to: '' } : { from, to };
  const subject = { here: side.name, there: 'the checksums that it keeps', attributes: [] };
  const tell = ['SeriesInstanceUID', 'SOPInstanceUID'];
  const files = async (studyUid: string): Promise<StoredFile[]> => {
    const match = { StudyInstanceUID: studyUid };
    const query = { level: 'Instance', match, tell, isLean, signal } as const;
    return (await persist(() => orthanc.resources.find(query))).map(({ id, tags }) => ({
      orthancId: id,
      seriesInstanceUid: tags['SeriesInstanceUID'],
      sopInstanceUid: tags['SOPInstanceUID'],
    }));
  };
  const look = (id: string) => persist(() => orthanc.instances.verifyMd5(id, signal));
  return await recordRun({ options, context, ...days, subject, version }, async (record) =>
    runOnce({
      slices: side.slices,
      weigh: side.countOf,
      judge: (slice) => auditSlice(slice, { files, look }),
      record,
      context,
      ...(isAll ? always : days),
      includesUndated: isAll || options.includeUndated,
      untilOpen: waitForHours(scheduleFromOptions(options), context),
      repair: (verdict) => Promise.resolve(verdict),
    }),
  );
}

type StoredFile = Pick<Item, 'orthancId' | 'seriesInstanceUid' | 'sopInstanceUid'>;

interface Auditor {
  files(studyUid: string): Promise<StoredFile[]>;
  look(instanceId: string): Promise<'sound' | 'damaged' | 'unhashed' | 'gone'>;
}

async function* auditSlice(slice: Slice, auditor: Auditor): AsyncGenerator<StudyVerdict> {
  for (const { studyInstanceUid, date } of slice.studies.values()) {
    const files = await auditor.files(studyInstanceUid);
    const items: Item[] = [];
    const waiting = files.values();
    const worker = async () => {
      for (const file of waiting) {
        const found = findingOf(await auditor.look(file.orthancId ?? ''));
        const about = { level: 'instance', studyInstanceUid, studyDate: date } as const;
        if (found !== undefined) items.push({ ...about, ...file, ...found });
      }
    };
    await Promise.all(Array.from({ length: filesAtOnce }, worker));
    const commonInstances = files.length - items.length;
    yield { uid: studyInstanceUid, date, items, commonInstances, orthancId: undefined };
  }
}

function findingOf(
  soundness: Awaited<ReturnType<Auditor['look']>>,
): Omit<Item, 'level' | 'studyInstanceUid' | 'studyDate'> | undefined {
  if (soundness === 'damaged')
    return { state: 'differs', code: 'FILE_DAMAGED', message: 'What Orthanc reads is not what it stored.' };
  if (soundness === 'unhashed')
    return {
      state: 'unknown',
      code: 'FILE_UNHASHED',
      message: 'Orthanc keeps no MD5 of it (StoreMD5ForAttachments).',
    };
  return undefined;
}
