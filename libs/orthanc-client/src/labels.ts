import type { Ask } from './ask.ts';
import { parseNames } from './json-fields.ts';

export interface Labelled {
  readonly level: 'patients' | 'studies' | 'series' | 'instances';
  readonly id: string;
}

/** Labels of resources (1.12.0 and later, `HasLabels`). */
export interface Labels {
  list(resource: Labelled): Promise<string[]>;
  /** Harmless where the label is there already. */
  put(resource: Labelled, label: string): Promise<void>;
  /** Harmless where the label is not there. */
  remove(resource: Labelled, label: string): Promise<void>;
}

export function labelsOf(ask: Ask): Labels {
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
  };
}
