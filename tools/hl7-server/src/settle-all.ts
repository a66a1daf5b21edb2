/** Waits for all, also for those that go on when one has failed. @throws what the first of them threw */
export async function settleAll(works: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(works)) if (one.status === 'rejected') throw one.reason;
}
