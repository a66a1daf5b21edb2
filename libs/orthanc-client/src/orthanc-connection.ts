import { configurationError } from '@orthanc-tools/failures';

/** How to reach one Orthanc. Files are given as their content (PEM). */
export interface OrthancConnection {
  /** Root of the REST API; a path prefix is kept. */
  readonly url: string;
  /** HTTP Basic, when both are there. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Sent as the header `api-key`; wins over user and password. */
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly tls?: {
    readonly ca?: string | undefined;
    readonly certificate?: string | undefined;
    readonly key?: string | undefined;
    readonly passphrase?: string | undefined;
    /** Any certificate is accepted: for tests only. */
    readonly isUnchecked?: boolean | undefined;
  };
  /** `http://` or `https://` address of a proxy, perhaps with credentials. */
  readonly proxy?: string | undefined;
  readonly limits?: { readonly [Limit in keyof TimeLimits]?: TimeLimits[Limit] | undefined };
}

/** In ms. */
export interface TimeLimits {
  /** Until the connection stands. */
  readonly connect: number;
  /** Without a single byte in either direction, while it is the server's turn. */
  readonly idle: number;
  /** For a whole control call; transfers of files have no such limit. */
  readonly overall: number;
}

export const usualLimits: TimeLimits = { connect: 10_000, idle: 120_000, overall: 300_000 };

/** Resolved once: nothing is parsed or built again per request. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  /** Comes before every path; empty or like `/orthanc`. */
  readonly prefix: string;
  /** Without credentials: what messages show. */
  readonly shown: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: TimeLimits;
}

export function endpointOf(connection: OrthancConnection): Endpoint {
  const url = checkedUrl(connection.url);
  const isSecure = url.protocol === 'https:';
  const prefix = url.pathname.replace(/\/+$/, '');
  return {
    protocol: isSecure ? 'https:' : 'http:',
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    prefix,
    shown: `${url.protocol}//${url.host}${prefix}/`,
    headers: { ...inLowerCase(connection.headers ?? {}), ...credentialsOf(connection) },
    limits: limitsOf(connection),
  };
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw configurationError(
    'ORTHANC_URL',
    'The address of an Orthanc must look like https://orthanc:8042/prefix.',
  );
}

export function limitsOf({ limits = {} }: OrthancConnection): TimeLimits {
  return {
    connect: limits.connect ?? usualLimits.connect,
    idle: limits.idle ?? usualLimits.idle,
    overall: limits.overall ?? usualLimits.overall,
  };
}

const inLowerCase = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function credentialsOf({ apiKey, user, password }: OrthancConnection): Record<string, string> {
  if (apiKey !== undefined && apiKey !== '') return { 'api-key': apiKey };
  if (!user || password === undefined || password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
