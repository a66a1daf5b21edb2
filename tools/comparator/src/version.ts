declare const TOOL_VERSION: string | undefined;

export const version = typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development';
