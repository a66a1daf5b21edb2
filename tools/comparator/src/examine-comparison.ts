import type { Finding } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import {
  type Check,
  examineServer,
  searchLimits,
  storedMd5,
  tcpNoDelay,
} from '@orthanc-tools/server-examination';
import { examinePlaces } from './examine-places.ts';
import { examineModality } from './examine-modality.ts';
import { examineSides } from './examine-sides.ts';
import type { ComparatorOptions } from './open-sides.ts';

const asker = { command: 'orthanc-comparator', name: 'the comparator', work: 'the comparison' };

/** Leaves nothing, neither at the servers nor in the folders. */
export async function examineComparison(options: ComparatorOptions, context: RunContext): Promise<Finding[]> {
  const { destUrl } = options;
  const own = await examineOwn(options);
  const other = destUrl === undefined ? [] : await examineOther({ ...options, destUrl });
  const asked = isAnswering(own) ? await askModality(options, context) : [];
  const sides = [...own, ...other];
  const areBoth = isAnswering(own) && (destUrl === undefined || isAnswering(other));
  const both = areBoth ? await examineSides(options, context.signal) : [];
  return [...sides, ...both, ...asked, ...(await examinePlaces(options, context))];
}

/** Of one that does not answer, there is no version to be told. */
const isAnswering = (findings: readonly Finding[]): boolean =>
  findings.some(({ check }) => check === 'version');

const examineOwn = (options: ComparatorOptions): Promise<Finding[]> =>
  examineServer(
    { subject: 'Orthanc', flags: '--orthanc', asker, connection: () => connectionFrom(options, 'orthanc') },
    options.modality === undefined ? checksOf(options) : [...checksOf(options), tcpNoDelay],
  );

const examineOther = (options: ComparatorOptions & { readonly destUrl: string }): Promise<Finding[]> =>
  examineServer(
    { subject: 'destination', flags: '--dest', asker, connection: () => connectionFrom(options, 'dest') },
    checksOf(options),
  );

async function askModality(options: ComparatorOptions, context: RunContext): Promise<Finding[]> {
  const { modality: alias } = options;
  if (alias === undefined) return [];
  await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
  return await examineModality({ orthanc, alias, options, context });
}

const unhashed =
  'Set StoreMD5ForAttachments to true: what is stored without an MD5 has to be read to be compared.';

const checksOf = ({ audit, level }: ComparatorOptions): readonly Check[] => [
  version,
  searchLimits({ mayBeEmpty: false }),
  ...(audit || level === 'Hash' ? [storedMd5(unhashed)] : []),
];

const version: Check = {
  name: 'version',
  isNeeded: true,
  look: ({ facts, orthanc, find }) =>
    facts.hasExtendedFind
      ? find('version', 'ok', `Orthanc ${facts.version} at ${orthanc.url}`)
      : find(
          'version',
          'warning',
          `Orthanc ${facts.version} at ${orthanc.url}: it is asked in a slower way, and not at level Hash`,
          'Use Orthanc 1.12.5 or newer.',
        ),
};
