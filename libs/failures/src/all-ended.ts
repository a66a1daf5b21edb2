/** What works side by side: the first failure is told when all have ended, so that nothing goes on behind it. */
export async function allEnded<Result>(works: readonly (Promise<Result> | Result)[]): Promise<Result[]> {
  const ended = await Promise.allSettled(works);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
