import { filePath } from '@orthanc-tools/tool-options';

export interface LedgerTexts {
  /** What the ledger records of an item: "what was copied and proved". */
  readonly records: string;
  readonly example: string;
  /** Heading in the help page. */
  readonly group: string;
}

/** For every tool that keeps a ledger; `locateLedger` says what the path means. */
export function ledgerOptions({ records, example, group }: LedgerTexts) {
  return {
    ledgerPath: filePath({
      describe: `File that records ${records}, so that a restart goes on where the last run stopped. A state file of the Python tool given here is read and never changed: the ledger then lies beside it.`,
      aliases: ['persistStatePath'],
      example,
      group,
    }),
  };
}
