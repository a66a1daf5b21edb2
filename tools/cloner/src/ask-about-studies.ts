import { sideBySide } from '@orthanc-tools/work-loop';

/** Studies that are asked about together: about ten UIDs in one question are the cheapest. */
const studiesPerQuestion = 10;
const questionsAtOnce = 4;

/** Asks about many studies, a few together, and several times at the same time. */
export const askAboutStudies = (
  ids: readonly string[],
  ask: (some: readonly string[]) => Promise<void>,
): Promise<void> => sideBySide(portionsOf(ids), questionsAtOnce, ask);

function* portionsOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += studiesPerQuestion) yield ids.slice(at, at + studiesPerQuestion);
}
