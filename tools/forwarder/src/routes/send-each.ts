import { sideBySide } from '@orthanc-tools/failures';
import { sentNothing } from '@orthanc-tools/sending-jobs';
import { atOnce } from '../at-once.ts';
import type { Outgoing } from '../open-route.ts';

/** Sends each by itself, several side by side. `onRefused` is told before it throws when none can have got there. */
export async function sendEach(
  instances: readonly Outgoing[],
  sendOne: (instance: Outgoing) => Promise<void>,
  onRefused: () => void,
): Promise<void> {
  let mayBeThere = false;
  try {
    await sideBySide(instances, atOnce, async (instance) => {
      try {
        await sendOne(instance);
        mayBeThere = true;
      } catch (error) {
        if (!sentNothing(error)) mayBeThere = true;
        throw error;
      }
    });
  } catch (error) {
    if (!mayBeThere) onRefused();
    throw error;
  }
}
