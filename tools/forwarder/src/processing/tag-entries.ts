/** Tags of an instance as `GET /instances/{id}/tags` tells them, by `gggg,eeee`. Patient data. */
export type TagEntries = Readonly<Record<string, unknown>>;

export interface TagEntry {
  /** `0008,0018` */
  readonly tag: string;
  /** `SOPInstanceUID`; of a private tag whatever Orthanc calls it. */
  readonly keyword: string;
  /** Of a sequence. */
  readonly items: readonly TagEntries[] | undefined;
  /** Of anything else, unless it is binary or long. */
  readonly value: string | undefined;
}

/** One level of tags; what is not told in the way that Orthanc tells it is passed over. */
export function entriesIn(tags: TagEntries): TagEntry[] {
  return Object.entries(tags).flatMap(([tag, told]) => {
    if (!isRecord(told)) return [];
    const { Name: name, Value: value } = told;
    const keyword = typeof name === 'string' ? name : '';
    const items = Array.isArray(value) ? value.filter(isRecord) : undefined;
    return [{ tag: tag.toLowerCase(), keyword, items, value: typeof value === 'string' ? value : undefined }];
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
