import { asFailure, configurationError, withAdvice } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Orthanc } from './orthanc.ts';
import type { OrthancOptionPrefix } from './orthanc-options.ts';

/**
 * The first question to a server: what is wrong now is wrong with an option, most likely, and the failure names it.
 * @throws configuration `NO_ORTHANC` where something else answers; what `ask` throws, with what to look at
 */
export async function firstQuestion<Answer>(
  { url }: Pick<Orthanc, 'url'>,
  which: OrthancOptionPrefix,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const { code } = asFailure(error) ?? {};
    if (code !== 'ORTHANC_NOT_FOUND' && code !== 'ORTHANC_ANSWER_UNREADABLE')
      throw withAdvice(error, adviceFor(which));
    const message = `At ${url} no Orthanc answers GET /system. Check ${nameOf(`${which}Url`)}.`;
    throw configurationError('NO_ORTHANC', message, { cause: error });
  }
}

function adviceFor(which: OrthancOptionPrefix): Record<string, string> {
  const name = (end: string) => nameOf(`${which}${end}`);
  return {
    ORTHANC_UNREACHABLE: `Check ${name('Url')}, and whether that Orthanc runs.`,
    ORTHANC_CONNECTION_LOST: `Check ${name('Url')}: http or https?`,
    ORTHANC_UNAUTHORIZED: `Check ${name('User')} and ${name('Pwd')}, or ${name('ApiKey')}.`,
    PROXY_UNAUTHORIZED: `Check ${name('Proxy')}.`,
    ORTHANC_TLS: `Check ${name('Ca')}, the name in ${name('Url')}, and whether it speaks https at all.`,
    ORTHANC_NO_ANSWER: `Check ${name('Url')}, or give it more time with ${name('Timeout')}.`,
  };
}
