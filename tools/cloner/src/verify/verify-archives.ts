import { type ExitCode, configurationError, exitCodes } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom, firstQuestion } from '@orthanc-tools/orthanc-client';
import { seemOne } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import type { CommandContext } from '@orthanc-tools/tool-runtime';
import { type Comparison, type Difference, compareArchives } from './compare-archives.ts';
import { openDifferenceFile } from './difference-file.ts';

/** So many differences are printed; a file holds them all. */
const mostShown = { text: 20, json: 10_000 };

interface Verification {
  readonly source: string;
  readonly destination: string;
  readonly seconds: number;
  readonly areEqual: boolean;
  /** By all that they tell of themselves, the two may be one: then nothing can differ. */
  readonly seemsOne: boolean;
  readonly comparison: Comparison;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

/** @param values the options of the command line, by their keys */
export async function verifyArchives(
  values: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<ExitCode> {
  const { json = false, csv, sourceUrl, destUrl } = values as Given;
  if (sourceUrl === undefined || destUrl === undefined)
    throw configurationError(
      'OPTIONS_INVALID',
      `verify compares two servers: give ${nameOf('sourceUrl')} and ${nameOf('destUrl')}.`,
    );
  const found = await verify(values as ConnectionValues, { csv, json, context });
  context.print(json ? `${JSON.stringify(found, undefined, 2)}\n` : textOf(found, csv));
  return found.areEqual ? exitCodes.done : exitCodes.differences;
}

type ConnectionValues = Parameters<typeof connectionFrom>[0];

interface Given {
  readonly json?: boolean;
  readonly csv?: string | undefined;
  readonly sourceUrl?: string | undefined;
  readonly destUrl?: string | undefined;
}

interface Output {
  readonly csv: string | undefined;
  readonly json: boolean;
  readonly context: Pick<CommandContext, 'clock'>;
}

async function verify(
  values: ConnectionValues,
  { csv, json, context: { clock } }: Output,
): Promise<Verification> {
  await using source = connectOrthanc(connectionFrom(values, 'source'));
  await using destination = connectOrthanc(connectionFrom(values, 'dest'));
  if (source.url === destination.url) throw oneServer();
  const [here, there] = await Promise.all([
    firstQuestion(source, 'source', () => source.system()),
    firstQuestion(destination, 'dest', () => destination.system()),
  ]);
  const seemsOne = seemOne(here, there);
  await using file = csv === undefined ? undefined : await openDifferenceFile(csv);
  const startedAt = clock.now().getTime();
  const differences: Difference[] = [];
  const comparison = await compareArchives({
    source,
    destination,
    onDifference: async (difference) => {
      if (differences.length < (json ? mostShown.json : mostShown.text)) differences.push(difference);
      await file?.write(difference);
    },
  });
  const areEqual = Object.values(comparison.differences).every((count) => count === 0);
  const seconds = (clock.now().getTime() - startedAt) / 1000;
  return {
    source: source.url,
    destination: destination.url,
    seconds,
    areEqual,
    seemsOne,
    comparison,
    differences,
  };
}

const mayBeOne =
  '  Beware: by all that they tell of themselves, the two may be one server, which is always equal to itself.';

/** Whoever compares a server with itself always finds it equal. */
const oneServer = () =>
  configurationError(
    'DESTINATION_IS_SOURCE',
    `${nameOf('sourceUrl')} and ${nameOf('destUrl')} are one address: there is nothing to compare.`,
  );

const meanings = {
  'only-here': 'only at the source',
  'only-there': 'only at the destination',
  'other-content': 'with another content',
  'without-file': 'without a file',
} as const;

function textOf(
  { comparison, areEqual, seemsOne, differences, seconds }: Verification,
  csv: string | undefined,
): string {
  const { studies, instances, equal, equalBySize } = comparison;
  const total = Object.values(comparison.differences).reduce((sum, count) => sum + count, 0);
  const counted = (Object.keys(meanings) as (keyof typeof meanings)[])
    .filter((kind) => comparison.differences[kind] > 0)
    .map((kind) => `  ${String(comparison.differences[kind])} ${meanings[kind]}`);
  const shown = differences.map(
    ({ kind, study, instance }) => `    ${meanings[kind]}: instance ${instance} of study ${study}`,
  );
  const more =
    total > shown.length ? [`    … and ${String(total - shown.length)} more: ${csv ?? 'see --csv'}`] : [];
  const bySize = equalBySize > 0 ? `, ${String(equalBySize)} by ID and size only` : '';
  return [
    `${areEqual ? 'Equal' : 'DIFFERENT'}: ${String(studies)} studies, ${String(instances)} instances at the source; ${String(equal)} equal by ID and MD5${bySize}; ${seconds.toFixed(1)} s`,
    ...counted,
    ...shown,
    ...more,
    ...(seemsOne ? [mayBeOne] : []),
    '',
  ].join('\n');
}
