import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import type { ItemRow, WorkLedger } from '@orthanc-tools/work-ledger';
import { eachPartNote, pagesOfItems } from './ledger-pages.ts';
import type { OutcomeNote } from './outcome.ts';

const holding = 'instances';

/** Remembers how many instances Orthanc holds after a run, so that the next one sees when there are fewer. */
export async function rememberHolding(ledger: WorkLedger, orthanc: Orthanc): Promise<void> {
  try {
    ledger.setCursor(holding, String((await orthanc.statistics()).instances));
  } catch (error) {
    // It may be away by now, or not tell this user: all that was to be done is done.
    if (asFailure(error) === undefined) throw error;
  }
}

/**
 * Where Orthanc holds fewer instances than after the last run, each one that was proved is looked for, study by study,
 * and what is missing, or is another content now, waits in the ledger again. Losses that others made up for in number
 * are not seen: that is what proving everything again is for.
 */
export async function findLost(ledger: WorkLedger, orthanc: Orthanc, log: Logger): Promise<void> {
  const before = Number(ledger.cursor(holding) ?? 0);
  if (before === 0) return;
  const { instances } = await orthanc.statistics();
  if (instances >= before) return;
  let lost = 0;
  for (const page of pagesOfItems(ledger)) {
    const missing = await lostIn(page, ledger, orthanc);
    lost += missing.length;
    ledger.enqueue(missing.map(({ key, mark }) => ({ key, mark })));
  }
  log.warn('server.holds_less', { before, now: instances, filesToImportAgain: lost });
}

async function lostIn(page: readonly ItemRow[], ledger: WorkLedger, orthanc: Orthanc): Promise<ItemRow[]> {
  const studies = new Map<string, Map<string, string | undefined>>();
  async function isHeld({ id, studyId, md5 }: OutcomeNote): Promise<boolean> {
    if (id === undefined) return true;
    if (studyId === undefined) return orthanc.instances.exists(id);
    const known = studies.get(studyId) ?? (await md5sIn(studyId, orthanc));
    studies.set(studyId, known);
    const there = known.get(id);
    return known.has(id) && (there === undefined || there === md5);
  }
  const lost: ItemRow[] = [];
  for (const row of page) {
    // Without a mark: its file was taken out of the folder, or vanished.
    if (row.state !== 'done' || row.mark === '') continue;
    for (const note of notesOf(row, ledger))
      if (isStored(note) && !(await isHeld(note))) {
        lost.push(row);
        break;
      }
  }
  return lost;
}

const isStored = ({ status }: OutcomeNote): boolean => status === 'stored' || status === 'already-there';

async function md5sIn(studyId: string, orthanc: Orthanc): Promise<Map<string, string | undefined>> {
  const held = await orthanc.studies.instances(studyId);
  return new Map(held.filter(({ isWithoutFile }) => isWithoutFile !== true).map(({ id, md5 }) => [id, md5]));
}

/** Of the file itself, and of the members of an archive. */
function* notesOf({ key, note }: ItemRow, ledger: WorkLedger): Generator<OutcomeNote> {
  if (note !== '') yield JSON.parse(note) as OutcomeNote;
  for (const part of eachPartNote(key, ledger)) yield JSON.parse(part.note) as OutcomeNote;
}
