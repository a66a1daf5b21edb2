/** Goes through what is found, and looks for more only when work may be done. */
export async function* inHours<Found>(
  all: AsyncIterable<Found>,
  untilOpen: () => Promise<void>,
): AsyncGenerator<Found> {
  const left = all[Symbol.asyncIterator]();
  try {
    for (;;) {
      await untilOpen();
      const next = await left.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await left.return?.();
  }
}
