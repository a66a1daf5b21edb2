import { seemOne } from './seem-one.ts';

type Telling = Parameters<typeof seemOne>[0];

/** So often a server may have become another one to itself; then nobody can tell it from the other. */
const mostChanges = 10;

/**
 * Asks whether two addresses lead to one Orthanc. Its `DatabaseServerIdentifier` is made of the network interfaces of its
 * machine at that moment, and becomes another one whenever a container starts or ends there: that two differ is believed
 * only where the first tells the same before the other was asked and after. In doubt they are one.
 */
export async function leadToOne(
  askOne: () => Promise<Telling>,
  askOther: () => Promise<Telling>,
): Promise<boolean> {
  let before = await askOne();
  for (let changes = 0; changes < mostChanges; changes += 1) {
    const other = await askOther();
    if (seemOne(before, other)) return true;
    const after = await askOne();
    if (seemOne(after, other)) return true;
    if (before.databaseIdentifier === after.databaseIdentifier) return false;
    before = after;
  }
  return true;
}
