import { asFailure } from '@orthanc-tools/failures';
import { type Orthanc, uidOfNothing } from '@orthanc-tools/orthanc-client';
import { existing, groupBySeries } from './existing.ts';
import { findAll } from './find-all.ts';
import type { Held, HeldQuestion, Strength, Witness } from './witness.ts';

type Asked = Pick<Orthanc, 'modalities'>;

/** A modality of the source, asked by image-level C-FIND over the source's own associations. */
export function askModality(source: Asked, alias: string): Witness {
  return {
    kind: 'c-find',
    probe: (signal) => probeModality(source, alias, () => findNothing(source, alias, signal)),
    held: (question) => findHeld(source, alias, question),
  };
}

const findNothing = (source: Asked, alias: string, signal: AbortSignal | undefined) =>
  source.modalities.find(
    alias,
    { level: 'Instance', keys: keysOf({ studyUid: uidOfNothing, seriesUid: uidOfNothing }) },
    signal,
  );

const refusals: ReadonlySet<string> = new Set([
  'COMMITMENT_PENDING',
  'COMMITMENT_UNCLEAR',
  'DESTINATION_CONNECTION_LOST',
  'DESTINATION_FAILED',
  'INSTANCE_REFUSED',
  'QUERY_REFUSED',
  'SOP_CLASS_REFUSED',
]);

/**
 * `none` where the modality answers C-ECHO and refuses this question: a refusal alone looks like a broken connection.
 * A modality that rejects the whole association, or falls silent, is away, and has refused nothing.
 */
export async function probeModality(
  source: Asked,
  alias: string,
  question: () => Promise<unknown>,
): Promise<Strength> {
  await source.modalities.echo(alias);
  try {
    await question();
    return 'image';
  } catch (error) {
    if (refusals.has(asFailure(error)?.code ?? '')) return 'none';
    throw error;
  }
}

const keysOf = ({
  studyUid,
  seriesUid,
  uids = [],
}: {
  studyUid: string;
  seriesUid: string;
  uids?: readonly string[];
}) => ({
  StudyInstanceUID: studyUid,
  SeriesInstanceUID: seriesUid,
  SOPInstanceUID: uids.join('\\'),
});

async function findHeld(source: Asked, alias: string, question: HeldQuestion): Promise<Held> {
  const { studyUid, instances, signal } = question;
  const named = new Set<string>();
  for (const [seriesUid, wanted] of groupBySeries(instances)) {
    const find = async (uids: readonly string[] = []) => {
      const query = { level: 'Instance', keys: keysOf({ studyUid, seriesUid, uids }) } as const;
      const answers = await source.modalities.find(alias, query, signal);
      return answers.flatMap(({ SOPInstanceUID: uid }) => (uid === undefined ? [] : [uid]));
    };
    for (const uid of await findAll(wanted, find)) named.add(uid);
  }
  return existing(instances, named);
}
