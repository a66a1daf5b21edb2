/** What is only on one side, and was not looked for as nobody wanted to know: in Orthanc, or on the other side. */
export type IgnoredDirection = 'onlyInOrthanc' | 'onlyThere';

interface Ignoring {
  readonly audit: boolean;
  readonly ignoreMissingFromOrthanc: boolean;
  readonly ignoreMissingOnModality: boolean;
}

/** In which directions a comparison with these options does not look. An audit compares with nobody. */
export const ignoredIn = (options: Ignoring): readonly IgnoredDirection[] =>
  options.audit
    ? []
    : [
        ...(options.ignoreMissingOnModality ? (['onlyInOrthanc'] as const) : []),
        ...(options.ignoreMissingFromOrthanc ? (['onlyThere'] as const) : []),
      ];

const words: Readonly<Record<IgnoredDirection, readonly [what: string, flag: string]>> = {
  onlyInOrthanc: ['what the other side misses', '--ignore-missing-on-modality'],
  onlyThere: ['what is missing from Orthanc', '--ignore-missing-from-orthanc'],
};

/** In words of a report; undefined where nothing was ignored. */
export const writtenIgnored = (ignored: readonly IgnoredDirection[]): string | undefined =>
  ignored.length > 1 ? 'what only one side holds' : ignored.map((direction) => words[direction][0])[0];

/** The same with the flags, for whoever asks why. */
export const writtenIgnoredBy = (ignored: readonly IgnoredDirection[]): string =>
  ignored.map((direction) => `${words[direction][0]} (${words[direction][1]})`).join(', ');
