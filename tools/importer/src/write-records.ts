import type { Clock } from '@orthanc-tools/scheduling';
import { type SignOff, checkPagePlace } from '@orthanc-tools/sign-off';
import type { LedgerView } from '@orthanc-tools/work-ledger';
import { addToErrorsFile, checkErrorsFile } from './errors-file.ts';
import { checkManifestPlace, writeManifest } from './manifest.ts';
import { signOffImport } from './sign-off-import.ts';

interface Places {
  readonly folderPath: string;
  readonly manifest?: string | undefined;
  readonly errorsPath?: string | undefined;
  readonly htmlReport?: string | undefined;
  readonly orthancUrl: string;
}

/** Finds out before the work whether what is to be written at its end can be. */
export async function checkRecordPlaces({ manifest, errorsPath, htmlReport }: Places): Promise<void> {
  await checkPagePlace(htmlReport);
  if (manifest !== undefined) await checkManifestPlace(manifest);
  if (errorsPath !== undefined) await checkErrorsFile(errorsPath);
}

/** Writes manifest, errors file and page from the ledger, as far as they are wanted. */
export async function writeRecords(places: Places, ledger: LedgerView, clock: Clock): Promise<SignOff> {
  const { manifest, errorsPath, folderPath } = places;
  if (manifest !== undefined) await writeManifest(manifest, ledger);
  if (errorsPath !== undefined) await addToErrorsFile(errorsPath, folderPath, ledger);
  return signOffImport(places, ledger, clock.now());
}

const atMostEveryMs = 10_000;
/** Writing takes at most one part in this many of the time. */
const share = 20;

/** The same while the work goes on, where something is new: not so often that writing all again would become the work. */
export function recordsNowAndThen(
  places: Places,
  ledger: LedgerView,
  clock: Clock,
): (isIdle: boolean) => Promise<void> {
  let notBefore = 0;
  let isNew = true;
  return async (isIdle) => {
    isNew ||= !isIdle;
    const begun = clock.now().getTime();
    if (!isNew || begun < notBefore) return;
    isNew = false;
    await writeRecords(places, ledger, clock);
    const ended = clock.now().getTime();
    notBefore = ended + Math.max(atMostEveryMs, (ended - begun) * (share - 1));
  };
}
