import { parse } from 'yaml';

export interface ToolService {
  readonly tool: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The services of a compose file that run one of the tools. Pure. */
export function toolServices(text: string): ToolService[] {
  const { services = {} } = (parse(text) ?? {}) as {
    services?: Record<string, { image?: string; environment?: Record<string, unknown> }>;
  };
  return Object.values(services).flatMap(({ image = '', environment = {} }) => {
    const [, tool] = /^orthanc-tools\/([\w-]+)/.exec(image) ?? [];
    if (tool === undefined) return [];
    const variables = Object.entries(environment).map(([name, value]) => [name, String(value)]);
    return [{ tool, environment: Object.fromEntries(variables) as Record<string, string> }];
  });
}
