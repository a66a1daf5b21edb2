import { asFailure, sideBySide } from '@orthanc-tools/failures';
import { askFind } from './ask-find.ts';
import type { Ask } from './ask.ts';
import { isPlainId } from './find-patients.ts';
import { countResources } from './find-resources.ts';
import { identifier, list, optionalFlag, record } from './json-fields.ts';
import type { Resources } from './resources.ts';
import type { StudyPatient } from './studies.ts';
import type { SystemFacts } from './system.ts';
import { UnreadableAnswer } from './unreadable-answer.ts';

export interface Patients {
  /**
   * Whether Orthanc spares these patients when it makes room; those that are not there are left out. One request for
   * all, or one for each: before 1.12.8, and where all costs a search through the index for each (`searchesForEach`).
   */
  protection(patientIds: readonly string[], signal?: AbortSignal): Promise<Map<string, boolean>>;
  /**
   * The same, of patients whose PatientID is known: by it one question tells of many (1.12.8), also where each identifier
   * costs a search. Whoever is not told so is asked for by the identifier.
   */
  protectionOf(patients: readonly StudyPatient[], signal?: AbortSignal): Promise<Map<string, boolean>>;
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
  known: () => Promise<Pick<SystemFacts, 'searchesForEach' | 'findsProtection'>>,
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
    await sideBySide(patientIds, atOnce, async (id) => {
      const told = await isProtected(id, signal).catch(unlessUnknown);
      if (told !== undefined) found.set(id, told);
    });
    return found;
  };
  const protection: Patients['protection'] = async (patientIds, signal) => {
    const { searchesForEach } = await known();
    const found = searchesForEach ? await oneByOne(patientIds, signal) : new Map<string, boolean>();
    const untold = patientIds.filter((id) => !found.has(id));
    for (const patient of await facts('Patient', untold, signal)) {
      const told = patient.isProtected ?? (await isProtected(patient.id, signal));
      if (told !== undefined) found.set(patient.id, told);
    }
    return found;
  };
  return {
    protection,
    protectionOf: async (patients, signal) => {
      const { findsProtection } = await known();
      const found = findsProtection ? await protectionByPatientId(patients, { ask, signal }) : new Map();
      const untold = patients.filter(({ id }) => !found.has(id)).map(({ id }) => id);
      return untold.length === 0 ? found : new Map([...found, ...(await protection(untold, signal))]);
    },
    protectedOnes: async function* (signal) {
      if (!(await known()).findsProtection) return;
      // Beside the first page: one after the last would cost another round trip.
      const held = countResources(ask, { level: 'Patient', match: {}, signal });
      held.catch(() => undefined);
      for await (const page of patientPages({}, { ask, signal, held }))
        yield page.flatMap(({ id, isProtected }) => (isProtected === true ? [id] : []));
    },
  };
}

interface Asking {
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
  /** How many patients meet the query, where that is known: no page is asked for beyond them. */
  readonly held?: Promise<number>;
}

/**
 * So many are named in one question: for each whom it finds, an Orthanc on SQLite goes through all who were named. 500 took
 * 57 ms, 50 take 2.4.
 */
const atOnceByPatientId = 50;

/** Without those whom a query cannot name, or does not find. */
async function protectionByPatientId(
  patients: readonly StudyPatient[],
  asking: Asking,
): Promise<Map<string, boolean>> {
  const named = patients.flatMap(({ id, patientId }) => (isPlainId(patientId) ? [{ id, patientId }] : []));
  const found = new Map<string, boolean>();
  for (let from = 0; from < named.length; from += atOnceByPatientId) {
    const asked = named.slice(from, from + atOnceByPatientId);
    const untold = new Set(asked.map(({ id }) => id));
    const query = { PatientID: [...new Set(asked.map(({ patientId }) => patientId))].join('\\') };
    for await (const page of patientPages(query, asking)) {
      for (const { id, isProtected } of page)
        if (isProtected !== undefined && untold.delete(id)) found.set(id, isProtected);
      if (untold.size === 0) break;
    }
  }
  return found;
}

const pageSize = 2000;

/** Whoever meets a query, page by page, by a server that knows the word `IsProtected`. */
async function* patientPages(query: Readonly<Record<string, string>>, { ask, signal, held }: Asking) {
  for (let since = 0; ;) {
    const told = { ResponseContent: ['IsProtected'], Limit: pageSize, Since: since };
    const content = { Level: 'Patient', Query: query, ...told };
    const page = await askFind(ask, content, parsePatients, signal);
    if (page.length === 0) return;
    yield page;
    since += page.length;
    if (since >= ((await held) ?? Infinity)) return;
  }
}

const parsePatients = (value: unknown) =>
  list(value, 'the answer', (entry) => {
    const from = record(entry, 'a patient');
    return { id: identifier(from['ID']), isProtected: optionalFlag(from, 'IsProtected') };
  });

/** Orthanc says so of a patient who is not there. */
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
