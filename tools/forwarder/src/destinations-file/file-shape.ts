// The one declaration of the destinations file: what is read, its types and the published schema all derive from it.
import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { type OptionEntry, url } from '@orthanc-tools/tool-options';
import * as z from 'zod';
import { modes, verifications } from '../destination.ts';
import { priorityWords } from '../priority.ts';

const dest = orthancOptions('dest');
const address = url({
  describe: 'Address of the REST API of this destination, where it is an Orthanc.',
  credentialsThrough: 'user and pwd',
});

/** Read as `--dest-…` reads it. */
function asOption<Value>(entry: OptionEntry<Value>) {
  return z
    .string()
    .transform((written, context): Exclude<Value, undefined> => {
      const parsed = entry.parse([written]);
      if ('value' in parsed) return parsed.value as Exclude<Value, undefined>;
      context.addIssue({ code: 'custom', message: parsed.fault });
      return z.NEVER;
    })
    .describe(entry.describe);
}

const filled = (describe: string) => z.string().min(1).describe(describe);
const secretFile = (of: string) =>
  filled(`File that holds ${of}, as with Docker secrets; beside this file when it has no folder.`);

const connectionShape = {
  url: asOption(address),
  user: filled(dest.destUser.describe),
  pwd: z.string().describe(dest.destPwd.describe),
  pwdFile: secretFile('the password'),
  apiKey: filled(dest.destApiKey.describe),
  apiKeyFile: secretFile('the key'),
  headers: z.record(z.string().min(1), z.string()).describe('Further HTTP headers.'),
  ca: filled(dest.destCa.describe),
  clientCert: filled(dest.destClientCert.describe),
  clientKey: filled(dest.destClientKey.describe),
  clientKeyPassphrase: filled(dest.destClientKeyPassphrase.describe),
  clientKeyPassphraseFile: secretFile('the passphrase'),
  insecure: z.boolean().describe(dest.destInsecure.describe),
  proxy: asOption(dest.destProxy),
  connectTimeout: asOption(dest.destConnectTimeout),
  timeout: asOption(dest.destTimeout),
} as const;

const routeShape = {
  mode: z.enum(modes).default('dicom').describe('How it travels, as --mode.'),
  target: filled(
    'Alias of the modality, DICOMweb server or peer in the configuration of the source. Not needed by the mode orthanc.',
  ).optional(),
  ...partial(connectionShape),
};

function partial<const Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape) {
  return z.object(shape).partial().shape;
}

/** An application entity title holds 16 characters at most (DICOM PS3.5, 6.2), a station name too. */
const short = filled('16 characters at most.').max(16, 'is longer than 16 characters: it can never match');

const filterShape = z
  .strictObject({
    modalities: atLeastOne(
      z
        .string()
        .regex(/^[A-Z0-9_ ]{1,16}$/, 'is no modality (capitals and digits, such as CT): it can never match'),
    ).describe('One of these modalities (0008,0060).'),
    studyDescription: filled('A part of the study description (0008,1030), in upper or lower case.'),
    studyDescriptionPattern: z
      .string()
      .min(1)
      .superRefine((written, context) => {
        const fault = faultOfPattern(written);
        if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
      })
      .describe('Regular expression (of JavaScript) for the study description.'),
    senders: atLeastOne(short).describe('AET from which the source received it.'),
    stations: atLeastOne(short).describe('Station name (0008,1010).'),
    labels: atLeastOne(
      z
        .string()
        .regex(
          /^[A-Za-z0-9_-]{1,64}$/,
          'is no label that Orthanc could hold (letters, digits, _ and -): it can never match',
        ),
    ).describe('One of these labels, at the study or the series.'),
  })
  .partial();

function atLeastOne<Element extends z.ZodType>(element: Element) {
  return z.array(element).min(1, 'is empty: it can never match; leave it out to let everything through');
}

function faultOfPattern(written: string): string | undefined {
  try {
    new RegExp(written);
    return undefined;
  } catch (error) {
    // Such as "Invalid regular expression: /(/: Unterminated group".
    const reason = error instanceof Error ? error.message.split(': ').at(-1) : 'unknown reason';
    return `is no regular expression: ${reason ?? ''}`;
  }
}

const nameShape = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must begin with a letter or digit, and hold letters, digits, ".", "_" and "-" only',
  );

const bodyShape = z.record(z.string(), z.unknown());

const destinationShape = z.strictObject({
  name: nameShape.describe('Unique; names the ledger of this destination, and stands in every message.'),
  ...routeShape,
  verify: z
    .enum(verifications)
    .optional()
    .describe('As --verify, for this destination only. Without it, what --verify says.'),
  priority: z
    .union([z.enum(priorityWords), z.int().min(-1000).max(1000)], {
      error: 'must be high, normal, low or a whole number from -1000 to 1000',
    })
    .default('normal')
    .describe('What has more is sent first: high is 100, normal 0, low -100; or a number.'),
  filter: filterShape
    .optional()
    .describe('Which series this destination gets; all that is said must be met.'),
  alternate: z
    .strictObject(routeShape)
    .optional()
    .describe('Used while the first way is down. What it took counts as being at this destination.'),
  transcode: z
    .string()
    .regex(/^[0-9]+(\.[0-9]+)+$/, 'must be the UID of a transfer syntax, such as 1.2.840.10008.1.2.4.90')
    .max(64)
    .optional()
    .describe('Transfer syntax (UID) into which the instances are brought on the way.'),
  profile: filled('Name of the profile by which the instances are changed on the way.').optional(),
});

const identityShape = {
  identifiers: z
    .enum(['keep', 'new'])
    .optional()
    .describe('Whether UIDs stay, or are derived anew from the old ones. Kept by modify, new by anonymize.'),
  keyFile: secretFile(
    'the secret from which pseudonyms and new UIDs derive. Without it, one is made that lies beside the ledger',
  ).optional(),
};

const profileShape = z.union(
  [
    z.strictObject({ anonymize: bodyShape.describe("Body of Orthanc's /anonymize."), ...identityShape }),
    z.strictObject({ modify: bodyShape.describe("Body of Orthanc's /modify."), ...identityShape }),
  ],
  { error: 'must hold either anonymize or modify, with what Orthanc is to be told' },
);

export const fileShape = z
  .strictObject({
    $schema: z.string().optional().describe('For editors.'),
    destinations: z.array(destinationShape).min(1, 'must hold one destination at least'),
    profiles: z
      .record(nameShape, profileShape)
      .optional()
      .describe('How instances may be changed on the way.'),
    hooks: filled(
      'JavaScript module with functions of your own; beside this file when it has no folder.',
    ).optional(),
    urgent: filterShape
      .optional()
      .describe('What meets this is urgent: sent first at every destination, whatever its priority.'),
    retired: z
      .array(nameShape)
      .optional()
      .describe(
        'Names of destinations that were taken out of service for good: what waits for them only here waits no longer.',
      ),
  })
  .describe('Destinations of orthanc-forwarder.');

export type DestinationsFile = z.output<typeof fileShape>;
export type FileDestination = DestinationsFile['destinations'][number];
export type FileRoute = Pick<FileDestination, keyof typeof routeShape>;
export type FileFilter = z.output<typeof filterShape>;
export type FileProfile = z.output<typeof profileShape>;

/** JSON schema (draft 2020-12) for editors. */
export const fileSchema = (): unknown => z.toJSONSchema(fileShape, { io: 'input' });
