/** Tells whether a word is not among those that were asked for lately; memory holds no more than so many of them. */
export function lately(most: number): (word: string) => boolean {
  const known = new Set<string>();
  return (word) => {
    if (known.has(word)) return false;
    known.add(word);
    const [oldest] = known;
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return true;
  };
}
