/**
 * Whether two texts may be the same although a server did not know all letters of one of them: a C-FIND is answered in
 * the character set of whoever answers, and letters that it lacks are left out, or become others that it has. Or it is
 * answered in UTF-8 without a word of it, and each letter becomes several of Latin-1.
 */
export const mayBeSameText = (one: string, other: string): boolean =>
  mayBeSame([one, other], (text) => text.trim());

/** The same of what is made of the texts, such as a name of which only words count. */
export function mayBeSame([one, other]: readonly [string, string], of: (text: string) => string): boolean {
  return readingsOf(one).some((text) =>
    readingsOf(other).some((otherText) => isSameOrLeft(of(text), of(otherText))),
  );
}

const isSameOrLeft = (one: string, other: string): boolean =>
  one === other || isLeftOf(one, other) || isLeftOf(other, one);

/** As it was told, and what it was before its UTF-8 was taken for Latin-1, where it can have been. */
function readingsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'latin1');
  const read = bytes.toString('utf8');
  return read === text || read.includes('\ufffd') || bytes.toString('latin1') !== text
    ? [text]
    : [text, read];
}

/** As many stand for one letter at most, in any transcription or escape sequence. */
const longestStandIn = 8;

const isLossy = (letter: string): boolean => letter > '\u007f';

/** What stands for a lost letter is of ASCII, or the sign for what cannot be read; never a letter of another kind. */
const isStandIn = (letter: string): boolean => !isLossy(letter) || letter === '\ufffd';

/** Whether a text is what is left of another; goes through all places where it can have come to, letter by letter. */
function isLeftOf(whole: string, left: string): boolean {
  const told = [...left];
  let places = new Set([0]);
  for (const letter of whole) {
    const next = new Set<number>();
    for (const place of places) {
      if (told[place] === letter) next.add(place + 1);
      if (isLossy(letter)) for (const end of endsOfStandIn(told, place)) next.add(end);
    }
    if (next.size === 0) return false;
    places = next;
  }
  return places.has(told.length);
}

function* endsOfStandIn(told: readonly string[], place: number): Generator<number> {
  yield place;
  for (let at = place; at < place + longestStandIn; at += 1) {
    const letter = told[at];
    if (letter === undefined || !isStandIn(letter)) return;
    yield at + 1;
  }
}
