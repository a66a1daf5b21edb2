import { asFailure, transientFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { list, record } from './json-fields.ts';
import { parseJobId } from './jobs.ts';

/** A C-FIND: the keys to match and to be told, by their keywords (DICOM PS3.6); an empty one is only to be told. */
export interface ModalityQuery {
  readonly level: 'Patient' | 'Study' | 'Series' | 'Instance';
  readonly keys: Readonly<Record<string, string>>;
}

/** The plain values of one answer, by keyword: patient data. */
export type FoundTags = Readonly<Record<string, string>>;

function parseFound(value: unknown): FoundTags {
  const texts = Object.entries(record(value, 'an answer of C-FIND')).flatMap(([keyword, told]) =>
    typeof told === 'string' ? [[keyword, told] as const] : [],
  );
  return Object.fromEntries(texts);
}

const parseAnswers = (value: unknown): FoundTags[] => list(value, 'the answer', parseFound);

/** Asks, reads all answers, and lets Orthanc forget the query: it keeps the last hundred otherwise. */
export async function findAtModality(
  ask: Ask,
  query: ModalityQuery & { readonly alias: string; readonly signal: AbortSignal | undefined },
): Promise<FoundTags[]> {
  const { alias, level, keys, signal } = query;
  const id = await ask(
    {
      method: 'POST',
      path: `/modalities/${encodeURIComponent(alias)}/query`,
      route: '/modalities/{id}/query',
      destination: alias,
      isQuery: true,
      content: { Level: level, Query: keys },
      signal,
    },
    parseJobId,
  );
  const path = `/queries/${encodeURIComponent(id)}`;
  try {
    const answers = { path: `${path}/answers?expand&simplify`, route: '/queries/{id}/answers' };
    return await ask({ method: 'GET', ...answers, signal }, parseAnswers);
  } catch (error) {
    if (asFailure(error)?.code !== 'ORTHANC_NOT_FOUND') throw error;
    throw transientFailure('QUERY_LOST', 'Orthanc has forgotten the answers of a C-FIND.', { cause: error });
  } finally {
    await forget(ask, path);
  }
}

/** A query that stays costs nothing but its place among the last hundred. */
async function forget(ask: Ask, path: string): Promise<void> {
  const question = { method: 'DELETE', path, route: '/queries/{id}', isPlainText: true } as const;
  await ask(question, () => undefined).catch((error: unknown) => {
    if (asFailure(error) === undefined) throw error;
  });
}
