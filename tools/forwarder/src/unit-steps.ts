import type { Logger } from '@orthanc-tools/telemetry';

/**
 * The way of a unit, step by step; told at the level `debug` right before each begins. A process may die at any of them:
 * what is durable by then must be enough to go on.
 */
export const unitSteps = [
  /** Into the ledger of the inbox. */
  'enter',
  /** Is it complete, and who is to have it? */
  'admit',
  /** Who is to have it is noted; to the ledgers of the destinations. */
  'hand over',
  /** Handed over; the gate has to answer for it. */
  'answer for admission',
  /** What does the destination hold? */
  'look before sending',
  /** Noted; the inbox is told to send. */
  'send',
  /** The inbox has begun a job, and its identifier is noted. */
  'follow the job',
  /** The destination has accepted it. */
  'note the sending',
  'look after sending',
  /** What was found is noted; to the ledger of deletions. */
  'ask for the deletion',
  /** The deletion is asked for; the destination's loop has to answer for the unit. */
  'answer for the sending',
  'plan the deletion',
  /** The destinations are asked once more. */
  'confirm',
  'delete',
  'look whether it is gone',
  'answer for the deletion',
] as const;

export type UnitStep = (typeof unitSteps)[number];

export function tellStep(log: Logger, step: UnitStep, facts: Readonly<Record<string, unknown>> = {}): void {
  log.debug('unit.step', { step, ...facts });
}
