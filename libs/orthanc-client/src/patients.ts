import { asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import type { Resources } from './resources.ts';
import { UnreadableAnswer } from './unreadable-answer.ts';

export interface Patients {
  /**
   * Whether Orthanc spares these patients when it makes room; those that are not there are left out. One request for
   * all, or, before 1.12.8, one for each.
   */
  protection(patientIds: readonly string[], signal?: AbortSignal): Promise<Map<string, boolean>>;
}

export function patientsOf(ask: Ask, { facts }: Pick<Resources, 'facts'>): Patients {
  const isProtected = async (patientId: string, signal?: AbortSignal): Promise<boolean | undefined> => {
    const path = `/patients/${patientId}/protected`;
    const question = { method: 'GET', path, route: '/patients/{id}/protected', signal } as const;
    try {
      return await ask({ ...question, isPlainText: true }, parseProtection);
    } catch (error) {
      const failure = asFailure(error);
      if (failure?.code === 'ORTHANC_NOT_FOUND' && failure.facts['isOrthancAnswer'] === true)
        return undefined;
      throw error;
    }
  };
  return {
    protection: async (patientIds, signal) => {
      const found = new Map<string, boolean>();
      for (const patient of await facts('Patient', patientIds, signal)) {
        const told = patient.isProtected ?? (await isProtected(patient.id, signal));
        if (told !== undefined) found.set(patient.id, told);
      }
      return found;
    },
  };
}

/** `1` or `0`. */
function parseProtection(value: unknown): boolean {
  if (value === '1') return true;
  if (value === '0') return false;
  throw new UnreadableAnswer('it is neither 0 nor 1');
}
