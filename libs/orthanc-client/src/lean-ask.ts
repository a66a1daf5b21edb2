import { type Ask, type Question, callOf, contentOf, jsonOf } from './ask.ts';
import type { Call } from './call.ts';
import { type BulkCall, openAnswer } from './open-answer.ts';
import { textOf } from './plain-files.ts';
import { isPlainAnswer } from './plain-head.ts';
import type { PlainCall } from './plain-sockets.ts';
import { accepted, readText } from './read-answer.ts';
import { isHarmlessTwice, unlessJustClosed } from './unless-just-closed.ts';
import { readJson } from './unreadable-answer.ts';
import type { LazyWire, Wire } from './wire.ts';

/** For questions that come with every study: the same as a control call at a third of its CPU time. */
export function leanAsk(wire: LazyWire): Ask {
  const server = wire.endpoint.shown;
  /** Whether this server's last answer had a form that is read right from the socket. */
  let answersPlainly = false;
  const askWhole = async (call: BulkCall): Promise<string> => {
    const answer = await openAnswer(await wire.ready(), call);
    answersPlainly = isPlainAnswer(answer.response);
    return readText(await accepted(answer, server));
  };
  return async (question, parse) => {
    const { method, path, signal } = question;
    const { bytes, headers } = contentOf(question);
    const call = { ...callOf(question), method, path, signal };
    const answer = await unlessJustClosed(call, async (asked) => {
      // Where the answer has come in another form, it is asked once more.
      const isPlain = answersPlainly && isHarmlessTwice(asked) && !asked.isOnNewConnection;
      const text = isPlain
        ? await askPlainly(await wire.ready(), { ...asked, headers, body: bytes })
        : undefined;
      const whole = { ...asked, headers: { ...wire.endpoint.headers, ...headers }, body: bytes };
      return text ?? (await askWhole(whole));
    });
    return readJson(jsonOf(answer, question), parse, { server, call });
  };
}

/** Bytes: a longer answer is read as it comes. */
const longestPlain = 64 * 1024 * 1024;

type PlainQuestion = Call &
  Pick<Question, 'method' | 'path' | 'signal'> &
  Pick<PlainCall, 'headers'> & { readonly body: Buffer | undefined };

/** Asks right over a socket. Undefined where a whole HTTP client is to ask. */
async function askPlainly({ plain, endpoint }: Wire, call: PlainQuestion): Promise<string | undefined> {
  const { method } = call;
  if (method !== 'GET' && method !== 'POST') return undefined;
  const body = call.body === undefined ? [] : [call.body];
  const answer = await plain?.exchange({ ...call, method, body, cap: longestPlain });
  if (answer === undefined || answer === 'other' || answer === 'large') return undefined;
  return textOf(answer, { server: endpoint.shown, call });
}
