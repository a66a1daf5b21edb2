import type { Finding } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Check, Examined } from './examine-server.ts';
import { digits, entriesOf } from './finding.ts';

/** As many entries as the tools ask for at once. */
const page = 5000;

/** Each limit shows only by an answer that is shorter than what is there. */
export const searchLimits = ({ mayBeEmpty }: { readonly mayBeEmpty: boolean }): Check => ({
  name: 'search limits',
  isNeeded: true,
  look: async (examined) => [
    await instanceLimitFinding(examined, mayBeEmpty),
    await resultLimitFinding(examined),
  ],
});

const lookInside = 'Look at it in the configuration; 0 means that there is none.';

/** @param mayBeEmpty what is to come there is not there yet, and may meet the limit */
async function instanceLimitFinding(
  { orthanc, facts, find, asker }: Examined,
  mayBeEmpty: boolean,
): Promise<Finding> {
  const check = 'LimitFindInstances';
  if (!facts.hasExtendedFind)
    return find(check, 'ok', 'does not matter: each instance is asked for by itself');
  const { told, isCut } = await askForAll(orthanc, 'Instance');
  if (isCut)
    return find(
      check,
      'warning',
      `an answer holds ${digits(told)} instances at most: ${asker.name} asks on until it has all`,
      `Set LimitFindInstances to 0 during ${asker.work}: it spares requests.`,
    );
  if (told >= page) return find(check, 'ok', `none below ${digits(page)}`);
  return mayBeEmpty
    ? find(check, 'unknown', `not met by the ${digits(told)} instances that are there`, lookInside)
    : find(check, 'ok', `not in the way: all ${digits(told)} instances are told at once`);
}

async function resultLimitFinding({ orthanc, facts, find, asker }: Examined): Promise<Finding> {
  const check = 'LimitFindResults';
  if (!facts.hasExtendedFind) return find(check, 'unknown', 'not told by this version', lookInside);
  const { told, isCut } = await askForAll(orthanc, 'Study');
  const all =
    told >= page ? `none below ${digits(page)}` : `not met by the ${digits(told)} studies that are there`;
  return find(
    check,
    'ok',
    isCut
      ? `C-FIND and searches tell ${digits(told)} studies at most; ${asker.name} lists them another way`
      : all,
  );
}

/** Identifiers only. Whatever arrives meanwhile is not taken for something that was held back. */
async function askForAll(orthanc: Orthanc, level: string): Promise<{ told: number; isCut: boolean }> {
  const count = async (range: { Limit: number; Since?: number }) => {
    const content = { Level: level, Query: {}, ...range };
    const answer = await orthanc.call({ method: 'POST', path: '/tools/find', isFixedRoute: true, content });
    return entriesOf(answer).length;
  };
  const told = await count({ Limit: page });
  if (told >= page || told === 0) return { told, isCut: false };
  if ((await count({ Since: told, Limit: 1 })) === 0) return { told, isCut: false };
  return { told, isCut: (await count({ Limit: told + 1 })) === told };
}
