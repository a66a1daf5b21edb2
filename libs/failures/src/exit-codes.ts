/** How a command ends; the numbers are part of what we promise to scripts. */
export const exitCodes = {
  done: 0,
  defect: 1,
  configuration: 2,
  setAside: 3,
  differences: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface ExitCodeMeaning {
  readonly code: ExitCode;
  readonly name: keyof typeof exitCodes;
  readonly meaning: string;
}

/** The rows that help pages and READMEs print. */
export const exitCodeMeanings: readonly ExitCodeMeaning[] = [
  { code: exitCodes.done, name: 'done', meaning: 'Everything was done.' },
  { code: exitCodes.defect, name: 'defect', meaning: 'The tool itself is at fault: please report it.' },
  {
    code: exitCodes.configuration,
    name: 'configuration',
    meaning: 'The settings are wrong, or a server refuses them; nothing can work before that is corrected.',
  },
  {
    code: exitCodes.setAside,
    name: 'setAside',
    meaning: 'Finished, but some items were set aside.',
  },
  { code: exitCodes.differences, name: 'differences', meaning: 'Finished, and differences were found.' },
  {
    code: exitCodes.interrupted,
    name: 'interrupted',
    meaning: 'Interrupted; start again to go on where it stopped.',
  },
];
