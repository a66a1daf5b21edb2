import { type Orthanc, plainUid } from '@orthanc-tools/orthanc-client';

/** By which it shows whether anything has come to a study, or gone. */
export interface StudyState {
  /** Study Instance UID (0020,000D); may be empty. */
  readonly uid: string;
  /** To the second, as Orthanc writes it; undefined where it does not tell. */
  readonly lastUpdate: string | undefined;
}

/** Which of these, by Orthanc identifier, are still as they were. */
export async function unchangedStudies(
  inbox: Pick<Orthanc, 'studies'>,
  before: ReadonlyMap<string, StudyState>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const told = new Map([...before].filter(([, { uid, lastUpdate }]) => isTold(uid, lastUpdate)));
  const unchanged = new Set<string>();
  if (told.size === 0) return unchanged;
  const studyUids = [...new Set([...told.values()].map(({ uid }) => uid))];
  for await (const page of inbox.studies.list({ studyUids, signal }))
    for (const { id, lastUpdate } of page)
      if (lastUpdate !== undefined && lastUpdate === told.get(id)?.lastUpdate) unchanged.add(id);
  return unchanged;
}

const isTold = (uid: string, lastUpdate: string | undefined): boolean =>
  plainUid.test(uid) && lastUpdate !== undefined;
