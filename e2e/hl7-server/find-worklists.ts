import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';

const run = promisify(execFile);

/** Whether DCMTK, a DICOM client that is none of ours, is installed. */
export const hasDcmtk = ['findscu', 'dcmdump'].every((program) => existsSync(`/usr/bin/${program}`));

export interface FoundWorklist {
  readonly accession: string;
  /** As UTF-8, converted by DCMTK from the character set of the answer. */
  readonly name: string;
}

const keys = [
  'SpecificCharacterSet',
  'AccessionNumber',
  'PatientName',
  'PatientID',
  'StudyInstanceUID',
  'RequestedProcedureID',
];
const stepKeys = [
  'Modality',
  'ScheduledStationAETitle',
  'ScheduledProcedureStepStartDate',
  'ScheduledProcedureStepStartTime',
  'ScheduledProcedureStepID',
];

async function textIn(file: string, keyword: string): Promise<string> {
  const { stdout } = await run('dcmdump', ['+L', '+U8', '+P', keyword, file]);
  return /\[(.*?)\]/.exec(stdout)?.[1]?.trim() ?? '';
}

/** Asks as a modality does; the conditions are by keyword, those of the step in `step`. */
export async function findWorklists(
  orthanc: RunningOrthanc,
  asked: {
    readonly root?: Readonly<Record<string, string>>;
    readonly step?: Readonly<Record<string, string>>;
  } = {},
): Promise<FoundWorklist[]> {
  const folder = await mkdtemp(join(tmpdir(), 'findscu-'));
  try {
    const root = Object.fromEntries(keys.map((key) => [key, '']));
    const step = Object.fromEntries(stepKeys.map((key) => [key, '']));
    const conditions = [
      ...Object.entries({ ...root, ...asked.root }).map(([key, value]) => `${key}=${value}`),
      ...Object.entries({ ...step, ...asked.step }).map(
        ([key, value]) => `ScheduledProcedureStepSequence[0].${key}=${value}`,
      ),
    ];
    await run('findscu', [
      ...[
        '-W',
        '-X',
        '-od',
        folder,
        '-aet',
        'CT1',
        '-aec',
        orthanc.aet,
        orthanc.dicomHost,
        String(orthanc.dicomPort),
      ],
      ...conditions.flatMap((condition) => ['-k', condition]),
    ]);
    const files = (await readdir(folder)).sort().map((file) => join(folder, file));
    const found = files.map(async (file) => ({
      accession: await textIn(file, 'AccessionNumber'),
      name: await textIn(file, 'PatientName'),
    }));
    return (await Promise.all(found)).sort((a, b) => a.accession.localeCompare(b.accession));
  } finally {
    await rm(folder, { recursive: true });
  }
}
