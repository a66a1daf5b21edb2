import { asFailure } from '@orthanc-tools/failures';
import { aFewAtATime } from './a-few-at-a-time.ts';
import type { Ask } from './ask.ts';
import { identifier, list, optionalFlag, record } from './json-fields.ts';
import type { Resources } from './resources.ts';
import { UnreadableAnswer } from './unreadable-answer.ts';

export interface Patients {
  /**
   * Whether Orthanc spares these patients when it makes room; those that are not there are left out. One request for
   * all, or one for each: before 1.12.8, and where all costs a search through the index for each (`searchesForEach`).
   */
  protection(patientIds: readonly string[], signal?: AbortSignal): Promise<Map<string, boolean>>;
  /**
   * All whom Orthanc spares, page by page: it tells of all patients whether it does. Nothing before 1.12.8, which can
   * only be asked about one patient after the other.
   */
  protectedOnes(signal?: AbortSignal): AsyncGenerator<readonly string[]>;
}

/** So many are asked about at a time, where each has to be. */
const atOnce = 4;

export function patientsOf(
  ask: Ask,
  { facts }: Pick<Resources, 'facts'>,
  searchesForEach: () => Promise<boolean>,
): Patients {
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
  /** Without those of whom Orthanc only says that something is wrong: it says so of patients who are not there. */
  const oneByOne = async (patientIds: readonly string[], signal?: AbortSignal) => {
    const found = new Map<string, boolean>();
    await aFewAtATime(patientIds, atOnce, async (id) => {
      const told = await isProtected(id, signal).catch(unlessUnknown);
      if (told !== undefined) found.set(id, told);
    });
    return found;
  };
  return {
    protectedOnes: (signal) => eachProtected(ask, signal),
    protection: async (patientIds, signal) => {
      const found = (await searchesForEach())
        ? await oneByOne(patientIds, signal)
        : new Map<string, boolean>();
      const untold = patientIds.filter((id) => !found.has(id));
      for (const patient of await facts('Patient', untold, signal)) {
        const told = patient.isProtected ?? (await isProtected(patient.id, signal));
        if (told !== undefined) found.set(patient.id, told);
      }
      return found;
    },
  };
}

const pageSize = 2000;

async function* eachProtected(ask: Ask, signal?: AbortSignal): AsyncGenerator<readonly string[]> {
  const query = { Level: 'Patient', Query: {}, ResponseContent: ['IsProtected'], Limit: pageSize };
  for (let since = 0; ;) {
    const content = { ...query, Since: since };
    const question = { method: 'POST', path: '/tools/find', isFixedRoute: true, content, signal } as const;
    const page = await ask(question, parsePatients).catch(unlessUnknown);
    if (page === undefined || page.length === 0) return;
    yield page.flatMap(({ id, isProtected }) => (isProtected ? [id] : []));
    since += page.length;
  }
}

const parsePatients = (value: unknown) =>
  list(value, 'the answer', (entry) => {
    const from = record(entry, 'a patient');
    return { id: identifier(from['ID']), isProtected: optionalFlag(from, 'IsProtected') ?? false };
  });

/** Orthanc refuses words that it does not know, and, for some questions, patients. */
function unlessUnknown(error: unknown): undefined {
  if (asFailure(error)?.code === 'ORTHANC_REFUSED') return undefined;
  throw error;
}

/** `1` or `0`. */
function parseProtection(value: unknown): boolean {
  if (value === '1') return true;
  if (value === '0') return false;
  throw new UnreadableAnswer('it is neither 0 nor 1');
}
