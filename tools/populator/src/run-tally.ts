import type { Failure } from '@orthanc-tools/failures';
import type { Fate } from './destination.ts';
import type { MadeInstance } from './made-instance.ts';

/** At most this many instances are listed in a report; the counts are of all. */
const longestList = 10_000;

interface SetAsideInstance {
  readonly orthancId: string;
  readonly study: string;
  readonly code: string;
  readonly message: string;
}

/** What one run did. */
export interface RunTally {
  studies: number;
  storedInstances: number;
  storedBytes: number;
  alreadyThereInstances: number;
  setAsideInstances: number;
  unfinishedStudies: number;
  labels: number;
  readonly setAside: SetAsideInstance[];
}

export const emptyTally = (): RunTally => ({
  studies: 0,
  storedInstances: 0,
  storedBytes: 0,
  alreadyThereInstances: 0,
  setAsideInstances: 0,
  unfinishedStudies: 0,
  labels: 0,
  setAside: [],
});

const isFailure = (fate: Fate): fate is Failure => typeof fate !== 'string';

/** Records what became of an instance, for the run and for its study. */
export function addFate(tally: RunTally, made: MadeInstance, fate: Fate): void {
  const { inHand, instance } = made;
  inHand.open -= 1;
  if (isFailure(fate)) {
    inHand.setAside += 1;
    tally.setAsideInstances += 1;
    if (tally.setAside.length < longestList)
      tally.setAside.push({
        orthancId: instance.orthancIds().instance,
        study: inHand.orthancId,
        code: fate.code,
        message: fate.message,
      });
  } else if (fate === 'stored') {
    inHand.stored += 1;
    tally.storedInstances += 1;
    tally.storedBytes += instance.bytes.length;
  } else {
    inHand.alreadyThere += 1;
    tally.alreadyThereInstances += 1;
  }
}

export const summaryOf = ({ setAside, ...counts }: RunTally): Record<string, number> => {
  void setAside;
  return counts;
};
