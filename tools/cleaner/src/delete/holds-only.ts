/** Whether something is left of a deletion that was begun, and nothing else: some of these, and not all. Pure. */
export function holdsOnly(held: readonly string[], begun: readonly string[]): boolean {
  const known = new Set(begun);
  return held.length > 0 && held.length < begun.length && held.every((id) => known.has(id));
}
