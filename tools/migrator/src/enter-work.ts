import type { RunContext } from '@orthanc-tools/tool-runtime';
import { type Order, type Span, spanOf, undated } from '@orthanc-tools/study-search';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { MigratorOptions } from './options.ts';
import { type ListedWork, readStudiesFile } from './read-studies-file.ts';
import { keyOfAccession, keyOfSpan, markOfAccession, priorities } from './work-keys.ts';

/** In which spans the studies are looked for, and what comes first. Pure. */
export function spansOf({
  fromStudyDate: from,
  toStudyDate: to,
  skipUndated,
}: Pick<MigratorOptions, 'fromStudyDate' | 'toStudyDate' | 'skipUndated'>): {
  readonly spans: readonly Span[];
  readonly order: Order;
} {
  if (from === undefined || to === undefined) return { spans: [], order: 'oldest first' };
  const { span, order } = spanOf(from, to);
  return { spans: skipUndated ? [span] : [span, undated], order };
}

const listedAtOnce = 1000;

/** Enters what is to be searched and what is listed. A restart searches anew; what is proved stays so. */
export async function enterWork(
  options: MigratorOptions,
  ledger: WorkLedger,
  { log, signal }: Pick<RunContext, 'log' | 'signal'>,
): Promise<void> {
  if (options.studiesFile !== undefined) {
    let listed = 0;
    let page: ListedWork[] = [];
    const enter = () => {
      const items = page.map(itemOf);
      if (options.proveAgain) ledger.enqueue(items);
      else ledger.enqueueNew(items);
      listed += page.length;
      page = [];
    };
    for await (const work of readStudiesFile(options.studiesFile)) {
      if (signal.aborted) return;
      page.push(work);
      if (page.length >= listedAtOnce) enter();
    }
    enter();
    log.info('list.entered', { listed });
  }
  ledger.enqueue(
    spansOf(options).spans.map((span) => ({ key: keyOfSpan(span), priority: priorities.search })),
  );
}

const itemOf = (work: ListedWork) =>
  'uid' in work
    ? { key: work.uid, priority: priorities.listed }
    : {
        key: keyOfAccession(work.accession),
        mark: markOfAccession(work.accession, work.entry),
        priority: priorities.listed,
      };
