import { filePath, nameOf } from '@orthanc-tools/tool-options';

export interface SignOffTexts {
  /** What the page shows of people or places: "It holds UIDs and no patient data." */
  readonly holds: string;
  readonly example: string;
  /** Heading in the help page. */
  readonly group: string;
  /** The options of other files that the tool writes. */
  readonly otherThan: readonly string[];
}

/** For every tool that copies. */
export function signOffOptions({ holds, example, group, otherThan }: SignOffTexts) {
  return {
    htmlReport: filePath({
      written: 'anew',
      describe: `Page to sign the copy off by: counts, bytes, kinds of proof, conflicts, and the images that were set aside, with the reason; of more than 5,000 the first ones, and how many there are. ${holds}`,
      aliases: ['reportHtml'],
      placeholder: 'FILE',
      checkBeside: (path, beside) => {
        const same = otherThan.find((other) => path === beside[other]);
        return same === undefined ? undefined : `names the same file as ${nameOf(same)}`;
      },
      group,
      example,
    }),
  };
}
