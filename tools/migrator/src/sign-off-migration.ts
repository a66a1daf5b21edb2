import { basename } from 'node:path';
import {
  type IdentityConflict,
  type OpenPart,
  type SignOff,
  eachOpenPart,
  signOff,
  writeSignOff,
} from '@orthanc-tools/sign-off';
import type { LedgerView } from '@orthanc-tools/work-ledger';
import { eachVanished } from './ledger-pages.ts';
import { identityOf } from './ledger-place.ts';
import type { MigratorOptions } from './options.ts';
import type { Reported } from './summarize.ts';

interface Ended {
  readonly ledger: Pick<LedgerView, 'tally' | 'reasons' | 'setAsideRows' | 'exceptions' | 'rows'>;
  readonly reported: Reported;
  readonly endedAt: Date;
}

/** What the ledger holds of all runs, for whoever answers for the migration; as a page too, where one is wanted. */
export async function signOffMigration(
  options: MigratorOptions,
  { ledger, reported, endedAt }: Ended,
): Promise<SignOff> {
  const { standing, report } = reported;
  const { source, destination } = identityOf(options);
  const { proved, existing, accepted, vanished, setAside, waiting } = standing;
  const told = signOff(ledger, {
    from: source || 'Orthanc',
    to: destination || 'Orthanc',
    unit: 'study',
    items: { proved, existing, accepted, vanished, passedOver: 0, setAside, waiting },
    identityConflicts: standing.identityConflicts,
  });
  await writeSignOff(options.htmlReport, told, {
    what: 'Migration',
    endedAt,
    open: () => eachNotThere(ledger),
    identityConflicts: namedConflicts(report),
    byDay: report.byDay.map(({ date, proved: compared, unproved, open }) => ({
      date,
      values: [compared, unproved, open],
    })),
    allRowsIn: options.csvReport === undefined ? undefined : basename(options.csvReport),
    madeBy: 'orthanc-migrator',
  });
  return told;
}

function* namedConflicts({ identityConflicts }: Reported['report']): Generator<IdentityConflict> {
  for (const { study, differ } of identityConflicts) yield { of: study, differ };
}

/** What was set aside, and what was gone before its turn came. */
function* eachNotThere(ledger: Ended['ledger']): Generator<OpenPart> {
  yield* eachOpenPart(ledger);
  for (const { key, code, message } of eachVanished(ledger))
    yield { item: key, part: '', code, why: message };
}
