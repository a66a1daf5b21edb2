/** Names of user metadata with their numbers, as a server's configuration gives them. */
type Names = ReadonlyMap<string, number>;

export interface NumberMatch {
  /** Under which number the destination keeps what the source keeps under this one. */
  toDestination(number: number): number;
  toSource(number: number): number;
  /** The destination means something else by this number of the source. */
  isClash(number: number): boolean;
}

/** A name is what people mean, a number only where it is kept: the same name counts as the same metadata. */
export function matchNumbers(source: Names, destination: Names): NumberMatch {
  const isName = ([name]: readonly [string, number]) => !/^\d+$/.test(name);
  const named = [...source].filter(isName);
  const there = new Map([...destination].filter(isName));
  const meaning = new Map([...there].map(([name, number]) => [number, name]));
  const onward = new Map(named.flatMap(([name, number]) => pairOf(number, there.get(name))));
  const back = new Map([...onward].map(([from, to]) => [to, from]));
  return {
    toDestination: (number) => onward.get(number) ?? number,
    toSource: (number) => back.get(number) ?? number,
    isClash: (number) => !onward.has(number) && meaning.has(number),
  };
}

const pairOf = (from: number, to: number | undefined): [number, number][] =>
  to === undefined ? [] : [[from, to]];
