import type { SideContent, SideStudy } from './side.ts';

/** Whether a modality is worth being asked for several studies at once below study level. */
export interface RelationalTrust {
  mayAsk(): boolean;
  /** What came of a question: undefined where it was refused. */
  learn(studies: readonly SideStudy[], contents: ReadonlyMap<string, SideContent> | undefined): void;
}

export interface TrustRequest {
  readonly asksRelationally: boolean;
  onNote(code: string, message: string): void;
}

/** After so many useless answers in a row, nobody asks any more. */
const patience = 3;

/** An answer is useless when it leaves out most of the studies that the modality itself has told of. */
export function relationalTrust({ asksRelationally, onNote }: TrustRequest): RelationalTrust {
  let disappointments = 0;
  return {
    mayAsk: () => asksRelationally && disappointments < patience,
    learn: (studies, contents) => {
      const told = studies.filter(({ uid }) => (contents?.get(uid)?.series.size ?? 0) > 0).length;
      if (told * 2 > studies.length) disappointments = 0;
      else disappointments += 1;
      if (disappointments === patience)
        onNote(
          'NO_RELATIONAL_QUERIES',
          'It answers no questions for several studies at once: each series is asked for.',
        );
    },
  };
}
