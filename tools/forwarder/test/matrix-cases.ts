import { modes } from '../src/destination.ts';
import { triggers } from '../src/unit.ts';

const troubles = ['down', 'slow', 'refusing-every-tenth', 'full', 'lying'] as const;
const counts = [1, 3] as const;

export interface MatrixCase {
  readonly mode: (typeof modes)[number];
  readonly trigger: (typeof triggers)[number];
  readonly destinations: (typeof counts)[number];
  /** Of the first destination; the others are well. */
  readonly trouble: (typeof troubles)[number];
}

export const everyCase: readonly MatrixCase[] = modes.flatMap((mode) =>
  triggers.flatMap((trigger) =>
    counts.flatMap((destinations) =>
      troubles.map((trouble): MatrixCase => ({ mode, trigger, destinations, trouble })),
    ),
  ),
);

/** Each mode with each trouble, and among these each pair of any two values. */
export const pairwiseCases: readonly MatrixCase[] = everyCase.filter(
  ({ mode, trigger, destinations, trouble }) => {
    const place = modes.indexOf(mode) + troubles.indexOf(trouble);
    return (
      triggers.indexOf(trigger) === place % triggers.length &&
      counts.indexOf(destinations) === place % counts.length
    );
  },
);

export const titleOf = ({ mode, trigger, destinations, trouble }: MatrixCase): string =>
  `${mode} on ${trigger} to ${String(destinations)}, one ${trouble}`;
