/**
 * Whether two texts may be the same although a server did not know all letters of one of them: a C-FIND is answered in
 * the character set of whoever answers, and letters that it lacks are left out or become question marks.
 */
export const mayBeSameText = (one: string, other: string): boolean =>
  one === other || isLike(one, other) || isLike(other, one);

/** Letters that may have been lost; what stands for them may be of any length. */
const isLossy = (letter: string): boolean => letter === '?' || letter > '\u007f';

/** Whether the text is what is left of the pattern, in one walk without backtracking over more than one gap. */
function isLike(pattern: string, text: string): boolean {
  const letters = [...pattern];
  const told = [...text];
  let [at, read] = [0, 0];
  let gap: { readonly at: number; readonly read: number } | undefined;
  while (read < told.length) {
    const letter = letters[at];
    if (letter !== undefined && isLossy(letter)) {
      gap = { at, read };
      at += 1;
    } else if (letter === told[read]) {
      at += 1;
      read += 1;
    } else if (gap !== undefined) {
      gap = { at: gap.at, read: gap.read + 1 };
      [at, read] = [gap.at + 1, gap.read];
    } else return false;
  }
  return letters.slice(at).every(isLossy);
}
