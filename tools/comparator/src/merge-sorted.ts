/** What two listings have under one key; one of both is always there. */
export interface Met<Here, There> {
  readonly key: string;
  readonly here: Here | undefined;
  readonly there: There | undefined;
}

/** Goes through two listings in step, in the order of their keys; each is sorted first. */
export function* mergeSorted<Here, There>(
  here: ReadonlyMap<string, Here>,
  there: ReadonlyMap<string, There>,
): Generator<Met<Here, There>> {
  const [ours, theirs] = [[...here.keys()].sort(), [...there.keys()].sort()];
  for (let [at, other] = [0, 0]; at < ours.length || other < theirs.length;) {
    const [our, their] = [ours[at], theirs[other]];
    const key = their === undefined || (our !== undefined && our <= their) ? our : their;
    if (key === undefined) return;
    if (our === key) at += 1;
    if (their === key) other += 1;
    yield { key, here: here.get(key), there: there.get(key) };
  }
}
