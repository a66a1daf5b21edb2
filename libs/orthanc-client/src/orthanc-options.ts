import { readFileSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';
import {
  type OptionEntry,
  duration,
  filePath,
  formatDuration,
  headerList,
  nameOf,
  secret,
  text,
  toggle,
  url,
} from '@orthanc-tools/tool-options';
import { type OrthancConnection, usualLimits } from './orthanc-connection.ts';

/** `orthanc` is for tools that talk to one Orthanc only. */
export type OrthancOptionPrefix = 'source' | 'dest' | 'orthanc';

const titles = { source: 'Source Orthanc', dest: 'Destination Orthanc', orthanc: 'Orthanc' } as const;

interface ConnectionEntries {
  readonly Url: OptionEntry<string, true>;
  readonly User: OptionEntry<string | undefined, false>;
  readonly Pwd: OptionEntry<string | undefined, false>;
  readonly ApiKey: OptionEntry<string | undefined, false>;
  readonly Headers: OptionEntry<Readonly<Record<string, string>> | undefined, false>;
  readonly Ca: OptionEntry<string | undefined, false>;
  readonly ClientCert: OptionEntry<string | undefined, false>;
  readonly ClientKey: OptionEntry<string | undefined, false>;
  readonly ClientKeyPassphrase: OptionEntry<string | undefined, false>;
  readonly Insecure: OptionEntry<boolean, false>;
  readonly Proxy: OptionEntry<string | undefined, false>;
  readonly ConnectTimeout: OptionEntry<number, false>;
  readonly Timeout: OptionEntry<number, false>;
}

type Prefixed<Prefix extends OrthancOptionPrefix> = {
  readonly [Key in keyof ConnectionEntries as `${Prefix}${Key}`]: ConnectionEntries[Key];
};

/** How to reach one Orthanc: declared here once for every tool that talks to one. */
export function orthancOptions<const Prefix extends OrthancOptionPrefix>(prefix: Prefix): Prefixed<Prefix> {
  const group = titles[prefix];
  // The only Orthanc needs no name: `--url`, `--user`. As variables these belong to the system.
  const plainly = (...flags: readonly string[]) => (prefix === 'orthanc' ? { flags } : {});
  const entries: ConnectionEntries = {
    Url: url({
      describe: `Address of the REST API of the ${group}.`,
      required: true,
      group,
      example: prefix === 'dest' ? 'http://orthanc-b:8042' : 'http://orthanc-a:8042',
      credentialsThrough: `--${prefix}-user and --${prefix}-pwd`,
      ...plainly('url'),
    }),
    User: text({
      describe: 'User for HTTP Basic authentication.',
      group,
      requiredWhen: { [`${prefix}Pwd`]: 'set' },
      idleWhen: { [`${prefix}ApiKey`]: 'set' },
      ...plainly('user'),
    }),
    Pwd: secret({
      describe: 'Password for HTTP Basic authentication.',
      group,
      requiredWhen: { [`${prefix}User`]: 'set' },
      // As with the Python tools, where a user without a password logs in nowhere.
      mayBeEmpty: true,
      ...plainly('password', 'pwd'),
    }),
    ApiKey: secret({
      describe: 'Sent as the header "api-key"; wins over user and password.',
      group,
      ...plainly('apiKey'),
    }),
    Headers: headerList({
      describe: 'Further HTTP headers; may be given several times.',
      group,
      flags: [`${prefix}Header`],
    }),
    Ca: filePath({ describe: 'Certificates (PEM) of the authorities to trust, for https.', group }),
    ClientCert: filePath({
      describe: 'Client certificate (PEM), for https.',
      group,
      requiredWhen: { [`${prefix}ClientKey`]: 'set' },
    }),
    ClientKey: filePath({
      describe: 'Key (PEM) of the client certificate.',
      group,
      requiredWhen: { [`${prefix}ClientCert`]: 'set' },
    }),
    ClientKeyPassphrase: secret({
      describe: 'Passphrase of the client key.',
      group,
      idleUnless: { [`${prefix}ClientKey`]: 'set' },
    }),
    Insecure: toggle({
      describe: 'Accept any certificate. For tests only: somebody in between can read and change everything.',
      group,
      conflictsWith: [`${prefix}Ca`],
    }),
    Proxy: url({
      describe: 'HTTP proxy through which the server is reached.',
      group,
      mayHoldCredentials: true,
    }),
    ConnectTimeout: duration({
      describe: 'Limit for the connection to stand.',
      default: formatDuration(usualLimits.connect),
      min: '1ms',
      group,
    }),
    Timeout: duration({
      describe: 'Limit for a request in which no byte moves.',
      default: formatDuration(usualLimits.idle),
      min: '1ms',
      group,
    }),
  };
  const named = Object.entries(entries).map(([key, entry]) => [`${prefix}${key}`, entry] as const);
  // The keys are prefixed here as the type prefixes them.
  return Object.fromEntries(named) as unknown as Prefixed<Prefix>;
}

type ConnectionValues<Prefix extends OrthancOptionPrefix> = {
  readonly [Key in keyof ConnectionEntries as `${Prefix}${Key}`]?: ConnectionEntries[Key] extends OptionEntry<
    infer Value
  >
    ? Value | undefined
    : never;
};

function pemIn(key: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw configurationError('OPTIONS_INVALID', `${nameOf(key)}: the file "${path}" cannot be read.`, {
      cause,
    });
  }
}

/** The connection that the options describe; reads the certificate files. */
export function connectionFrom<Prefix extends OrthancOptionPrefix>(
  options: ConnectionValues<Prefix>,
  prefix: Prefix,
): OrthancConnection {
  // Read by name, as the prefix is known only here.
  const values = options as Readonly<Record<string, unknown>>;
  const textOf = (key: keyof ConnectionEntries) => values[`${prefix}${key}`] as string | undefined;
  const numberOf = (key: keyof ConnectionEntries) => values[`${prefix}${key}`] as number | undefined;
  const pem = (key: keyof ConnectionEntries) => pemIn(`${prefix}${key}`, textOf(key));
  const address = textOf('Url');
  if (address === undefined)
    throw configurationError('OPTIONS_INVALID', `${nameOf(`${prefix}Url`)} is required.`);
  return {
    url: address,
    user: textOf('User'),
    password: textOf('Pwd'),
    apiKey: textOf('ApiKey'),
    headers: values[`${prefix}Headers`] as Record<string, string> | undefined,
    tls: {
      ca: pem('Ca'),
      certificate: pem('ClientCert'),
      key: pem('ClientKey'),
      passphrase: textOf('ClientKeyPassphrase'),
      isUnchecked: values[`${prefix}Insecure`] === true,
    },
    proxy: textOf('Proxy'),
    limits: { connect: numberOf('ConnectTimeout'), idle: numberOf('Timeout') },
  };
}
