import { snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { Testbed } from '@orthanc-tools/orthanc-testbed';
import { untilQuiet } from '../measure/until-quiet.ts';
import { fillWith } from '../measure/data-set.ts';
import type { DataSet } from '../measure/data-set.ts';
import type { Ground } from './measure-copy.ts';

export interface GroundRequest {
  readonly testbed: Testbed;
  readonly signal: AbortSignal;
  /** Of the source. */
  readonly configuration?: Record<string, unknown>;
}

/** A source that holds the data set and has come to rest; disposing ends it. */
export async function prepareGround(
  set: DataSet,
  { testbed, signal, configuration }: GroundRequest,
): Promise<Ground & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const source = stack.use(
    await testbed.startOrthanc({ name: 'source', ...(configuration && { configuration }) }),
  );
  await fillWith(set, source, signal);
  await untilQuiet(source, signal);
  const held = await snapshotOrthanc(source);
  const bytes = [...held.values()].reduce((sum, instance) => sum + instance.bytes, 0);
  const kept = stack.move();
  return { testbed, source, held, bytes, signal, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

export function describeGround(set: DataSet, { held, bytes, source }: Ground): string {
  const each = bytes / held.size;
  const size = each < 100_000 ? `${(each / 1000).toFixed(1)} KB` : `${(each / 1e6).toFixed(2)} MB`;
  const count = `${held.size.toLocaleString('en')} instances of ${size}`;
  return `${set.name}: ${count} in ${String(set.studies)} studies of ${String(set.seriesPerStudy)} series; Orthanc ${source.version}`;
}
