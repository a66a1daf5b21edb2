import { isSameFile } from '@orthanc-tools/copy-proof';
import { type Failure, permanentFailure, sideBySide } from '@orthanc-tools/failures';
import { type Orthanc, type Suspects, blame } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import type { OutgoingUnit } from '../forward-units.ts';
import { atOnce } from '../at-once.ts';
import type { OpenWay } from '../open-destination.ts';
import type { Made, Outgoing } from '../open-route.ts';
import type { Verification } from '../destination.ts';
import { suffices } from '../proof-strength.ts';
import { fileOf, readMemory } from '../unit-memory.ts';
import type { MadeOnTheWay } from './made-on-the-way.ts';
import type { Processing, Room } from './processing.ts';

interface Preparation {
  readonly inbox: Orthanc;
  readonly suspects: Suspects;
  /** Each remembers what went by it. */
  readonly ways: readonly Pick<OpenWay, 'memory'>[];
  readonly processing: Processing | undefined;
  readonly onTheWay: MadeOnTheWay;
  readonly verify: Verification | undefined;
  readonly hand: Hand;
}

export interface ClaimedUnit extends OutgoingUnit {
  readonly claim: Claim;
}

/** Kept in memory at most for the units of one hand (bytes); what goes beyond is made again when it is sent. */
const mostKept = 16 * 1024 ** 2;

/**
 * Gives every instance its changed copy before anything is sent. A unit of which one instance cannot be changed is
 * answered for here, and goes nowhere.
 * @returns the units that may go
 */
export async function prepareUnits(
  units: readonly ClaimedUnit[],
  preparation: Preparation,
): Promise<readonly ClaimedUnit[]> {
  const { processing, hand } = preparation;
  if (processing === undefined) return units;
  const { makeReady } = await import('./processing.ts');
  const failures = new Map<string, Failure>();
  const made = new Map<Outgoing, Made>();
  const room: Room = { left: mostKept };
  const all = units.flatMap((unit) => madeBefore(unit, { ...preparation, order: processing.name }));
  await sideBySide(all, atOnce, async ({ key, instance, known }) => {
    if (failures.has(key)) return;
    const since = performance.now();
    try {
      made.set(
        instance,
        known ?? (await makeReady(instance, { ...preparation, processing, room, signal: hand.signal })),
      );
    } catch (error) {
      failures.set(key, await ofUnit(error, preparation.suspects, since));
    }
  });
  return units.flatMap((unit) => {
    const instances = unit.instances.map((instance) => ({ ...instance, made: made.get(instance) }));
    const failure =
      failures.get(unit.key) ?? (preparation.onTheWay.add(instances) ? undefined : changedIntoOne);
    if (failure === undefined) return [{ ...unit, instances }];
    hand.reschedule(unit.claim, failure);
    return [];
  });
}

interface MadeBefore {
  readonly key: string;
  readonly instance: Outgoing;
  readonly known: Made | undefined;
}

/**
 * What is proved there is not made again. When the order is another one by now, that holds for a unit that is wholly
 * there: otherwise all of it is made anew, so that no study is there half in one form and half in another.
 */
function madeBefore(
  { key, instances }: ClaimedUnit,
  { ways, verify, order }: Preparation & { readonly order: string },
): MadeBefore[] {
  const memories = ways.map(({ memory }) => readMemory(memory, key).instances);
  const recall = (instance: Outgoing) =>
    memories
      .map((memory) => memory.get(instance.id))
      .find(
        (one) =>
          one?.proof !== undefined &&
          suffices(one.proof, verify) &&
          isSameFile(fileOf(one), fileOf(instance)),
      )?.made;
  const all = instances.map((instance) => ({ key, instance, known: recall(instance) }));
  if (all.every(({ known }) => known !== undefined)) return all;
  return all.map((one) => ({ ...one, known: one.known?.order === order ? one.known : undefined }));
}

/** A failure of the unit alone; whatever concerns all of them goes on. */
async function ofUnit(error: unknown, suspects: Suspects, since: number): Promise<Failure> {
  const failure = await blame(error, suspects, since);
  if (failure.kind === 'configuration') throw failure;
  return failure;
}

const changedIntoOne = permanentFailure(
  'CHANGED_INTO_ONE',
  'Several instances would become one by what is changed of them.',
);
