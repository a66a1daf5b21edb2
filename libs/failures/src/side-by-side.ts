/**
 * Does the work for each item, in their order, so many at a time. Once one has failed no other is begun; rejects with it
 * when those under way have ended, so that nothing goes on behind the back of whoever was told.
 */
export async function sideBySide<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failed: { readonly error: unknown } | undefined;
  const lane = async () => {
    for (let next = queue.next(); next.done !== true && failed === undefined; next = queue.next())
      await work(next.value).catch((error: unknown) => (failed ??= { error }));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failed !== undefined) throw failed.error;
}
