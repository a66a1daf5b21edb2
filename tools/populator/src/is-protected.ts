import { hash } from 'node:crypto';

interface ProtectionChoice {
  readonly seed: string;
  /** Of 100 patients. */
  readonly protectedPatients: number;
}

/** Follows from seed and patient alone: all studies of a patient say the same. */
export const isProtected = (patientId: string, { seed, protectedPatients }: ProtectionChoice): boolean =>
  Number.parseInt(hash('sha256', JSON.stringify([seed, 'protected', patientId])).slice(0, 12), 16) % 100 <
  protectedPatients;
