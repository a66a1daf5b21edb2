import type { Room } from './lent-memory.ts';
import type { BulkCall } from './open-answer.ts';
import { nameRefusal } from './name-refusal.ts';
import type { Call } from './call.ts';
import type { PlainAnswer } from './plain-socket.ts';
import type { PlainSockets } from './plain-sockets.ts';
import { isSuccess, tooLarge } from './read-answer.ts';
import { nameUnreadable } from './unreadable-answer.ts';

/** Bytes; Orthanc's receipt of one file has some 300. */
const longestReceipt = 1024 * 1024;

type Source = Pick<BulkCall, 'what' | 'effect' | 'path' | 'signal'>;

export interface PlainStore extends Source {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: readonly Uint8Array[];
}

/** The file at this path, in one piece; undefined where the answer has a form that only a whole HTTP client reads. */
export async function readPlainFile(
  sockets: PlainSockets | undefined,
  call: Source & { readonly cap: number },
  server: string,
): Promise<Room | undefined> {
  const answer = await sockets?.exchange({ ...call, method: 'GET' });
  if (answer === 'large') throw tooLarge(call.what, call.cap);
  if (answer === undefined || answer === 'other') return undefined;
  const { status, headers, room } = answer;
  if (status === 200) return room;
  const body = room.bytes.toString();
  room.release();
  throw nameRefusal({ status, headers, body }, { server, call });
}

/** Sends one file that is in memory, and gives the answer's text; undefined where nothing was sent. */
export async function storePlainFile(
  sockets: PlainSockets | undefined,
  call: PlainStore,
  server: string,
): Promise<string | undefined> {
  const answer = await sockets?.exchange({ ...call, method: 'POST', cap: longestReceipt });
  if (answer === undefined) return undefined;
  if (answer === 'large' || answer === 'other')
    throw nameUnreadable({ found: 'it comes in another form than before', isJson: false }, { server, call });
  return textOf(answer, { server, call });
}

type WholeAnswer = Exclude<PlainAnswer, string>;

/** The text of an answer, if its status is 2xx; otherwise throws its failure. Lends its memory on. */
export function textOf(
  { status, headers, room }: WholeAnswer,
  { server, call }: { readonly server: string; readonly call: Call },
): string {
  const text = room.bytes.toString();
  room.release();
  if (isSuccess(status)) return text;
  throw nameRefusal({ status, headers, body: text }, { server, call });
}
