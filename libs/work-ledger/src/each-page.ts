interface Page {
  readonly limit: number;
  readonly after?: string;
}

interface Paging {
  readonly pageSize?: number;
  /** The key after which to begin. */
  readonly from?: string | undefined;
}

const usualPage = 1000;

/**
 * What a ledger tells in the order of keys, page by page. Each page is whole before it is told, and the next one is asked
 * for only when it is wanted; an empty one is not told.
 */
export function* eachPage<Row>(
  read: (page: Page) => readonly Row[],
  keyOf: (row: Row) => string,
  { pageSize = usualPage, from }: Paging = {},
): Generator<readonly Row[]> {
  for (let after = from; ;) {
    const page = read({ limit: pageSize, ...(after !== undefined && { after }) });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageSize) return;
    after = keyOf(last);
  }
}

/** The same, row by row. */
export function* eachRow<Row>(...asked: Parameters<typeof eachPage<Row>>): Generator<Row> {
  for (const page of eachPage(...asked)) yield* page;
}
