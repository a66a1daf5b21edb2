import type { ForwardContext } from './forward-units.ts';
import type { Naming } from './name-wholes.ts';

/**
 * Names the series instead of a study to which another series has come since it was listed: it would travel along, and
 * nobody had asked whether the remote holds something of it. Only what comes between this look and the job still does.
 * @param namings by unit
 */
export async function nameWhatIsListed(
  namings: ReadonlyMap<string, Naming>,
  { inbox, signal }: Pick<ForwardContext, 'inbox' | 'signal'>,
): Promise<ReadonlyMap<string, Naming>> {
  const studies = [...namings.values()].flatMap(({ names, series }) =>
    names.filter((id) => !series.includes(id)),
  );
  if (studies.length === 0) return namings;
  const held = new Map(
    (await inbox.resources.facts('Study', studies, signal)).map(({ id, childIds }) => [id, childIds]),
  );
  const asListed = ({ names, series }: Naming): Naming => {
    const hasGrown = names.some((id) => held.get(id)?.some((child) => !series.includes(child)) === true);
    return { names: hasGrown ? series : names, series };
  };
  return new Map([...namings].map(([key, naming]) => [key, asListed(naming)]));
}
