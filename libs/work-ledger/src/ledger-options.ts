import { filePath } from '@orthanc-tools/tool-options';

/** For every tool that keeps a ledger; `locateLedger` says what the path means. */
export const ledgerOptions = {
  ledgerPath: filePath({
    group: 'Progress',
    describe:
      'File that records what was done and proved, so that a restart goes on where the last run stopped. A state file of the Python tool given here is read and never changed: the ledger then lies beside it.',
    aliases: ['persistStatePath'],
    example: '/status/work.ledger.sqlite',
  }),
};
