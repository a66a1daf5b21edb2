const atOnce = 4;

/**
 * Does the work for each, a few at a time. Once one has failed no other is begun.
 * @throws the first failure, when those under way have ended
 */
export async function inLanes<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed: { readonly error: unknown } | undefined;
  const lane = async () => {
    for (let next = queue.next(); next.done !== true && failed === undefined; next = queue.next())
      await work(next.value).catch((error: unknown) => (failed ??= { error }));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failed !== undefined) throw failed.error;
}
