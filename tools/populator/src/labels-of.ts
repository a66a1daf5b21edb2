import { hash } from 'node:crypto';

interface LabelChoice {
  readonly seed: string;
  readonly labels: readonly string[];
  readonly maxLabels: number;
}

/** The labels of a study: they follow from seed and index alone. Drawn with repetition, as in the Python tool, so that few have many. */
export function labelsOf(studyIndex: number, { seed, labels, maxLabels }: LabelChoice): string[] {
  if (labels.length === 0 || maxLabels === 0) return [];
  const draw = (at: number, below: number): number =>
    Number.parseInt(hash('sha256', JSON.stringify([seed, 'label', studyIndex, at])).slice(0, 12), 16) % below;
  const drawn = Array.from(
    { length: draw(0, maxLabels + 1) },
    (_, at) => labels[draw(at + 1, labels.length)],
  );
  return [...new Set(drawn.filter((label) => label !== undefined))];
}
