import type { SystemFacts } from '@orthanc-tools/orthanc-client';

type Telling = Pick<SystemFacts, 'databaseIdentifier' | 'httpPort' | 'dicomPort' | 'name' | 'aet'>;

/**
 * Whether two addresses lead to one Orthanc, by all that it tells of itself. Never certain: copies of one machine tell
 * the same. Pure.
 */
export function seemOne(one: Telling, other: Telling): boolean {
  return (
    one.databaseIdentifier !== undefined &&
    one.databaseIdentifier === other.databaseIdentifier &&
    one.httpPort === other.httpPort &&
    one.dicomPort === other.dicomPort &&
    one.name === other.name &&
    one.aet === other.aet
  );
}
