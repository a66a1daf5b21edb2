import { parse } from 'yaml';

export interface ToolService {
  readonly tool: string;
  readonly environment: Readonly<Record<string, string>>;
  /** When an engine is to start it again; empty where the file does not say. */
  readonly restart: string;
}

interface Service {
  readonly image?: string;
  readonly environment?: Record<string, unknown>;
  readonly restart?: unknown;
  readonly ports?: readonly string[];
}

const servicesIn = (text: string): Service[] =>
  Object.values(((parse(text) ?? {}) as { services?: Record<string, Service> }).services ?? {});

/** What the services of a compose file publish, as it is written there. Pure. */
export const publishedPorts = (text: string): string[] => servicesIn(text).flatMap(({ ports = [] }) => ports);

/** The services of a compose file that run one of the tools. Pure. */
export function toolServices(text: string): ToolService[] {
  return servicesIn(text).flatMap(({ image = '', environment = {}, restart }) => {
    const [, tool] = /^orthanc-tools\/([\w-]+)/.exec(image) ?? [];
    if (tool === undefined) return [];
    const variables = Object.entries(environment).map(([name, value]) => [name, String(value)]);
    const given = Object.fromEntries(variables) as Record<string, string>;
    return [{ tool, environment: given, restart: typeof restart === 'string' ? restart : '' }];
  });
}
