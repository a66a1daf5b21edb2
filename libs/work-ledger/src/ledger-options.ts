import { filePath, nameOf } from '@orthanc-tools/tool-options';
import { ledgerPathFault } from './ledger-path-fault.ts';

export interface LedgerTexts {
  /** What the ledger records of an item: "what was copied and proved". */
  readonly records: string;
  readonly example: string;
  /** Heading in the help page. */
  readonly group: string;
  /** The option of another file that the tool writes. */
  readonly otherThan: string;
}

/** For every tool that keeps a ledger; `locateLedger` says what the path means. */
export function ledgerOptions({ records, example, group, otherThan }: LedgerTexts) {
  return {
    ledgerPath: filePath({
      written: 'in place',
      describe: `File that records ${records}, so that a restart goes on where the last run stopped. Without it, the ledger lies in ~/.local/state/orthanc-tools. A state file of the Python tool given here is read and never changed: the ledger then lies beside it.`,
      aliases: ['persistStatePath'],
      commands: ['status', 'requeue'],
      check: ledgerPathFault,
      checkBeside: (path, beside) =>
        path === beside[otherThan] ? `names the same file as ${nameOf(otherThan)}` : undefined,
      example,
      group,
    }),
  };
}
