/** Asks once: the UIDs told of all (no argument), or of those named. */
export type Find = (uids?: readonly string[]) => Promise<readonly string[]>;

/** As many UIDs as any modality understands in one query. */
const uidsAtOnce = 50;

/**
 * Which of the wanted instances a modality holds, although it may cap its answers at two or more, and may not understand
 * a list of UIDs. What is told to be missing is missing: an instance that was there before the sending and was cut from
 * an answer would else be taken for one that came with it.
 */
export async function findAll(wanted: readonly string[], find: Find): Promise<Set<string>> {
  const found = new Set(await find());
  const [known] = found;
  if (known === undefined) return found;
  const missing = wanted.filter((uid) => !found.has(uid));
  for (let from = 0; from < missing.length; from += uidsAtOnce)
    for (const uid of await findListed(missing.slice(from, from + uidsAtOnce), { known, find }))
      found.add(uid);
  return found;
}

/** A list is asked for until it yields nothing new. `known` goes with it: a modality that names it understands lists. */
async function findListed(
  wanted: readonly string[],
  { known, find }: { known: string; find: Find },
): Promise<Set<string>> {
  const found = new Set<string>();
  for (let rest = wanted; rest.length > 0; rest = wanted.filter((uid) => !found.has(uid))) {
    const told = new Set(await find([known, ...rest]));
    const news = rest.filter((uid) => told.has(uid));
    for (const uid of news) found.add(uid);
    if (news.length > 0) continue;
    return told.has(known) ? found : findSingly(rest, { found, find });
  }
  return found;
}

async function findSingly(
  wanted: readonly string[],
  { found, find }: { found: Set<string>; find: Find },
): Promise<Set<string>> {
  for (const uid of wanted) if ((await find([uid])).includes(uid)) found.add(uid);
  return found;
}
