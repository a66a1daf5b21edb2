import { askFind } from './ask-find.ts';
import type { Ask } from './ask.ts';
import { identifier, list, parseNames, plainText, record } from './json-fields.ts';
import type { Level } from './resources.ts';

export interface Labelled {
  readonly level: 'patients' | 'studies' | 'series' | 'instances';
  readonly id: string;
}

/** A resource with its labels. */
export interface LabelsOf {
  readonly id: string;
  readonly labels: readonly string[];
}

const pageSize = 1000;

/** Labels of resources (1.12.0 and later, `HasLabels`). */
export interface Labels {
  list(resource: Labelled): Promise<string[]>;
  /** Harmless where the label is there already. */
  put(resource: Labelled, label: string): Promise<void>;
  /** Harmless where the label is not there. */
  remove(resource: Labelled, label: string): Promise<void>;
  /** All labels that the server has given. */
  names(signal?: AbortSignal): Promise<string[]>;
  /**
   * The resources of a level that have one of the labels, page by page, each with all its labels. What is stored or
   * deleted meanwhile may be told twice or not at all.
   */
  given(names: readonly string[], level: Level, signal?: AbortSignal): AsyncGenerator<readonly LabelsOf[]>;
}

export function labelsOf(ask: Ask, hasExtendedFind: () => Promise<boolean>): Labels {
  const pathOf = ({ level, id }: Labelled) => `/${level}/${id}/labels`;
  const change = async (method: 'PUT' | 'DELETE', resource: Labelled, label: string): Promise<void> => {
    const path = `${pathOf(resource)}/${encodeURIComponent(label)}`;
    const route = `/${resource.level}/{id}/labels/{label}`;
    await ask({ method, path, route, isPlainText: true }, () => undefined);
  };
  return {
    list: (resource) => ask({ method: 'GET', path: pathOf(resource) }, parseNames),
    put: (resource, label) => change('PUT', resource, label),
    remove: (resource, label) => change('DELETE', resource, label),
    names: (signal) => ask({ method: 'GET', path: '/tools/labels', signal }, parseNames),
    given: async function* (names, level, signal) {
      // No labels at all would mean any.
      if (names.length === 0) return;
      const told = (await hasExtendedFind()) ? { ResponseContent: ['Labels'] } : { Expand: true };
      const query = { Level: level, Query: {}, Labels: names, LabelsConstraint: 'Any', ...told };
      for (let since = 0; ;) {
        const page = await askFind(ask, { ...query, Limit: pageSize, Since: since }, parseGiven, signal);
        if (page.length === 0) return;
        yield page;
        since += page.length;
      }
    },
  };
}

const parseGiven = (value: unknown): LabelsOf[] =>
  list(value, 'the answer', (entry) => {
    const from = record(entry, 'a resource');
    return { id: identifier(from['ID']), labels: list(from['Labels'] ?? [], '"Labels"', plainText) };
  });
