import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import { nameOf } from '@orthanc-tools/tool-options';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { isListed, listOnce } from '../feed-studies.ts';
import { type StudyFilter, type StudyWish, filterStudies } from './study-filter.ts';

interface FilterSettings {
  readonly modality?: readonly string[] | undefined;
  readonly studyDate?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly patientId?: readonly string[] | undefined;
  readonly patientIdsFile?: string | undefined;
}

/**
 * The filter that the options ask for; undefined for none.
 * @throws configuration `PATIENTS_UNREADABLE`
 */
export async function openFilter(
  settings: FilterSettings,
  source: Pick<Orthanc, 'resources' | 'labels'>,
): Promise<{ readonly filter: StudyFilter; readonly digest: string } | undefined> {
  const listed = settings.patientIdsFile === undefined ? [] : await readPatientIds(settings.patientIdsFile);
  const wish = wishIn(settings, listed);
  if (Object.keys(wish).length === 0) return undefined;
  const text = JSON.stringify(wish, (_, value: unknown) =>
    value instanceof Set ? [...(value as Set<string>)].toSorted() : value,
  );
  return { filter: filterStudies(source, wish), digest: createHash('sha256').update(text).digest('hex') };
}

export function wishIn(settings: FilterSettings, listedPatients: readonly string[]): StudyWish {
  const { modality = [], studyDate, label = [], patientId = [], patientIdsFile } = settings;
  const patients = [...patientId, ...listedPatients];
  return {
    ...(modality.length > 0 && { modalities: new Set(modality.map((one) => one.toUpperCase())) }),
    ...(studyDate !== undefined && { dates: datesIn(studyDate) }),
    ...(label.length > 0 && { labels: new Set(label) }),
    // An empty file wants nobody.
    ...((patients.length > 0 || patientIdsFile !== undefined) && { patientIds: new Set(patients) }),
  };
}

function datesIn(written: string): { from: string; to: string } {
  const [from = '', to = from] = written.split('-');
  return { from: from || '00000000', to: to || '99999999' };
}

async function readPatientIds(path: string): Promise<string[]> {
  try {
    const lines = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
    return lines.map((line) => line.trim()).filter((line) => line !== '');
  } catch (cause) {
    const message = `${nameOf('patientIdsFile')}: "${path}" cannot be read.`;
    throw configurationError('PATIENTS_UNREADABLE', message, { cause });
  }
}

const cursor = 'filter';

/** What was passed over before may be wanted now: the list of studies is read again; what was proved stays proved. */
export function rememberFilter(ledger: WorkLedger, digest: string | undefined, log: Logger): void {
  const before = ledger.cursor(cursor) ?? '';
  if (before === (digest ?? '')) return;
  if (isListed(ledger)) {
    log.info('filter.changed', { consequence: 'the list of studies is read again' });
    listOnce(ledger);
  }
  ledger.setCursor(cursor, digest ?? '');
}
