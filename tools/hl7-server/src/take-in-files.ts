import { loadDictionary, loadKeywords } from '@orthanc-tools/dicom-files';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { instantOf } from './date-time.ts';
import { isSameOrder } from './order-identity.ts';
import type { OrderBook } from './order-book.ts';
import { type Dictionaries, identityOf, readWorklist, stepIn } from './read-worklist.ts';
import type { Worklist } from './worklist-content.ts';
import type { WorklistOutput } from './worklist-output.ts';
import type { WorklistServer } from './worklist-server.ts';

interface Found {
  readonly worklist: Worklist;
  readonly writtenAt: number;
}

const filesAtOnce = 200;

/** False where the order has such a step already, under another name. */
function enter(book: OrderBook, { worklist, writtenAt }: Found): boolean {
  const { name, attributes, terms, studyUid } = worklist;
  const identity = identityOf(worklist);
  const { stepId, isNamed, ...start } = stepIn(worklist);
  const known = book
    .candidates(identity)
    .find((order) => order.studyUid === studyUid && isSameOrder(order.identity, identity));
  const orderId = known?.id ?? book.add({ identity, studyUid, messageTime: '' }, writtenAt);
  if (book.steps(orderId).some((step) => step.stepId === stepId)) return false;
  const step = { orderId, stepId, isNamed, name, attributes, terms };
  book.put({ ...step, startsAt: instantOf(start), writtenAt, orderedAt: writtenAt, state: 'open' });
  return true;
}

async function readAll(
  names: readonly string[],
  read: NonNullable<WorklistOutput['read']>,
  dictionaries: Dictionaries,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const name of names) {
    const file = await read(name);
    const worklist = file === undefined ? undefined : readWorklist(name, file.bytes, dictionaries);
    if (file !== undefined && worklist !== undefined) found.push({ worklist, writtenAt: file.writtenAt });
  }
  return found;
}

/**
 * Enters the orders of worklists that this server has written and its journal does not know, as after the journal was lost or came from a backup:
 * so they are changed, cancelled and removed as before. No file is changed; what somebody else wrote stays unknown.
 */
export async function takeInFiles(
  { book, change }: WorklistServer,
  output: WorklistOutput,
  { log }: RunContext,
): Promise<void> {
  const { read } = output;
  if (read === undefined) return;
  const unknown = [...(await output.names())].filter((name) => !book.isNameTaken(name));
  if (unknown.length === 0) return;
  const dictionaries = { dictionary: await loadDictionary(), keywordOf: await loadKeywords() };
  let entered = 0;
  for (let at = 0; at < unknown.length; at += filesAtOnce) {
    const found = await readAll(unknown.slice(at, at + filesAtOnce), read, dictionaries);
    await change(() => {
      entered += found.filter((one) => enter(book, one)).length;
      return [];
    });
  }
  log.warn('worklists.recovered', { worklists: entered, leftAlone: unknown.length - entered });
}
