import { type Orthanc, roundTrip } from '@orthanc-tools/orthanc-client';
import { type Budget, openBudget } from '@orthanc-tools/work-loop';

/** How the way to Orthanc is used best. */
export interface Way {
  /** Many small images go together: waiting for an answer to each would cost more than a batch costs Orthanc. */
  readonly isFar: boolean;
  /** Requests that store one image each, over all hands. */
  readonly stores: Budget;
  /** Bytes of contents that are held at one time, from before they are read until they are sent, over all hands. */
  readonly room: Budget;
}

export interface Distance {
  /** As far as it is known. */
  readonly known: Way;
  /** Measures, unless Orthanc was near before. */
  measure(): Promise<Way>;
}

/** From this round trip on (ms). */
const farFrom = 15;

const firstQuestions = 3;

/**
 * A near Orthanc is kept busy by a few: an image of 2 KB stored by each of 3 or 6 requests at a time cost it 3.3 ms of CPU,
 * by each of 16 4.1 ms, at the same rate. While it waits for the disk with images of 0.5 MB, eight keep two cores busy, and
 * twelve gain nothing. From afar most requests are on the way.
 */
const storesWhenNear = 8;

/** As much as is used again rather than made anew: see `openLentMemory`. It is some thirty images of a CT. */
const roomWhenNear = 16 * 1024 * 1024;
/** What is on its way for longer takes more. */
const roomWhenFar = 64 * 1024 * 1024;

/**
 * Whether Orthanc is far away, by the shortest round trip so far. One that has not been near yet is measured again each
 * time; where nobody may ask for the time, it counts as far.
 * @param most requests that may store at the same time
 */
export function distanceTo(orthanc: Pick<Orthanc, 'now'>, most: number): Distance {
  const near: Way = {
    isFar: false,
    stores: openBudget(Math.min(storesWhenNear, most)),
    room: openBudget(roomWhenNear),
  };
  const far: Way = { isFar: true, stores: openBudget(most), room: openBudget(roomWhenFar) };
  const trip = roundTrip(() => orthanc.now(), { nearMs: farFrom, firstQuestions });
  const wayBy = () => (trip.shortestMs() >= farFrom ? far : near);
  return {
    get known() {
      return wayBy();
    },
    async measure() {
      await trip.measure().catch(() => undefined);
      return wayBy();
    },
  };
}
