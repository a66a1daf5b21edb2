/** So long (ms) may what was found wait for more. */
const patience = 100;

/**
 * Pages of at least so many, as each costs a wait for the disk of the ledger; the first one as it comes, so that work
 * begins at once, and fewer where more is slow to come.
 */
export async function* gatherPages<Item>(
  pages: AsyncIterable<readonly Item[]>,
  atLeast: number,
  now = () => performance.now(),
): AsyncGenerator<readonly Item[]> {
  let gathered: readonly Item[] = [];
  let since = -Infinity;
  for await (const page of pages) {
    gathered = gathered.length === 0 ? page : [...gathered, ...page];
    if (gathered.length < atLeast && now() - since < patience) continue;
    yield gathered;
    gathered = [];
    since = now();
  }
  if (gathered.length > 0) yield gathered;
}
