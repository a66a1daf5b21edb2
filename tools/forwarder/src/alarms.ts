import { asFailure } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { type OpenDestination, assuranceOf } from './open-destination.ts';

/** Says at the start what each destination allows to be known: nobody should find out from a full disk. */
export async function alarms(
  destinations: readonly OpenDestination[],
  { log, signal, progress }: Pick<RunContext, 'log' | 'signal' | 'progress'>,
): Promise<void> {
  for (const { name, ways, verify } of destinations)
    for (const { route } of ways) {
      const { target: via, mode } = route.route;
      const facts = { destination: name, via, mode };
      try {
        const strength = await route.strength(signal);
        const assurance = assuranceOf(verify, strength);
        if (assurance === 'unprovable') {
          const consequence = 'everything is sent and kept, nothing is deleted';
          log.warn('destination.unprovable', {
            ...facts,
            ordered: verify ?? 'any',
            possible: strength,
            consequence,
          });
          progress.note(`${name} gives no proof: ${consequence}`);
        } else log.info('destination.provable', { ...facts, verify: assurance });
      } catch (error) {
        const failure = asFailure(error);
        if (failure === undefined || failure.kind === 'configuration') throw error;
        log.warn('destination.away', { ...facts, code: failure.code });
      }
    }
}
