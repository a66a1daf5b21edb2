import type { Finding } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { askBothSystems } from './ask-both-systems.ts';
import { judgeBelongings } from './belongings/examine-belongings.ts';
import type { ClonerOptions } from './options.ts';
import { differenceFindings } from './examine-difference.ts';
import { examineDestination, examineSource } from './examine.ts';
import { examineLedger } from './examine-ledger.ts';
import { wayFindings } from './examine-way.ts';
import { ledgerPlace } from './ledger-place.ts';

/** Nothing here is changed at either server; whatever cannot be asked costs that finding only. */
export async function examineClone(
  options: ClonerOptions,
  { clock, stateFolder, signal }: RunContext,
): Promise<Finding[]> {
  const surroundings = { options, now: () => clock.now() };
  const [here, there, ledger] = await Promise.all([
    examineSource(surroundings),
    options.destUrl === undefined ? [] : examineDestination(surroundings),
    examineLedger(ledgerPlace(options, stateFolder)),
  ]);
  const both = await askBothSystems(options);
  const between = [
    ...differenceFindings(options, both),
    ...(await wayFindings(options, signal)),
    ...(both === undefined ? [] : judgeBelongings({ ...both, kinds: new Set(options.belongings) })),
  ];
  return [...here, ...there, ...between, ...ledger];
}
