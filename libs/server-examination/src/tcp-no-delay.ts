import type { Finding } from '@orthanc-tools/failures';
import type { Check, Examined } from './examine-server.ts';
import { expected } from './finding.ts';

const noDelayRemedy =
  'Set TCP_NODELAY=1 in the environment of Orthanc and restart it: without it C-STORE and C-MOVE stall some 90 ms per instance.';
const lookForNoDelay =
  "REST does not tell it. On that machine: tr '\\0' '\\n' < /proc/$(pidof Orthanc)/environ | grep TCP_NODELAY must print TCP_NODELAY=1; set it otherwise.";

/** What Nagle's algorithm and delayed acknowledgements cost is 40 ms or more, a C-ECHO without them a few. */
const stallMs = 40;
/** The stall is in every exchange; a busy machine is not as busy all the time. */
const mostMeasures = 15;

/**
 * Lets Orthanc send C-ECHO to itself, which nobody else notices: the stall of C-STORE is in that exchange too
 * (measured on 1.12.7 and 1.13.0: 90 ms without TCP_NODELAY, 2 to 14 ms with it).
 */
export const tcpNoDelay: Check = { name: 'TCP_NODELAY', isAlone: true, look: measureEcho };

async function measureEcho({ orthanc, facts, find }: Examined): Promise<Finding> {
  const check = 'TCP_NODELAY';
  if (facts.aet === undefined || facts.dicomPort === undefined)
    return find(check, 'unknown', 'the DICOM port is not told', lookForNoDelay);
  const content = { AET: facts.aet, Host: '127.0.0.1', Port: facts.dicomPort, Timeout: 2 };
  try {
    const echo = () => orthanc.call({ method: 'POST', path: '/tools/dicom-echo', content, limit: 10_000 });
    const echoMs = await shortest(echo, stallMs);
    const ownMs = Math.max(0, echoMs - (await shortest(() => orthanc.system())));
    const found = `a C-ECHO of Orthanc to itself takes ${String(Math.round(ownMs))} ms`;
    return ownMs < stallMs
      ? find(check, 'ok', `set: ${found}`)
      : find(check, 'warning', `seems not to be set: ${found}`, noDelayRemedy);
  } catch (error) {
    const why = `not measured, as Orthanc cannot send C-ECHO to itself: ${expected(error).message}`;
    return find(check, 'unknown', why, lookForNoDelay);
  }
}

/** Of three, and of more until one is short enough: what is slower may have been held up by something else. */
async function shortest(ask: () => Promise<unknown>, enoughMs = Infinity): Promise<number> {
  let ms = Infinity;
  for (let time = 0; time < 3 || (ms >= enoughMs && time < mostMeasures); time += 1) {
    const asked = performance.now();
    await ask();
    ms = Math.min(ms, performance.now() - asked);
  }
  return ms;
}
