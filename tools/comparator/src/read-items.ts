import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Item } from './item.ts';

/** The items of a run, line by line, as it wrote them itself. */
export async function* readItems(path: string): AsyncGenerator<Item> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) if (line !== '') yield JSON.parse(line) as Item;
}
