import type { Failure, Finding } from '@orthanc-tools/failures';
import {
  type Orthanc,
  type OrthancConnection,
  type Statistics,
  type SystemFacts,
  connectOrthanc,
} from '@orthanc-tools/orthanc-client';
import { type Find, expected, finderFor } from './finding.ts';
import { refusedFindings } from './refused.ts';

/** The tool that asks, in the words of its findings. */
export interface Asker {
  /** What a user types: `orthanc-cloner`. */
  readonly command: string;
  /** `the cloner` */
  readonly name: string;
  /** What must succeed: `the clone`. */
  readonly work: string;
}

/** Which server, and how findings name it. */
export interface Server {
  /** Stands over its findings: `source`. */
  readonly subject: string;
  /** Begin of its options: `--source`. */
  readonly flags: string;
  readonly asker: Asker;
  /** Read here, so that what is wrong with it belongs to this server only. */
  readonly connection: () => OrthancConnection;
  /** What is said of a server that does not answer; the connection is undefined where it could not even be read. */
  readonly refused?: (failure: Failure, find: Find) => readonly Finding[];
}

/** One server that answers, and all that is needed to look at it. */
export interface Examined extends Pick<Server, 'flags' | 'asker'> {
  readonly connection: OrthancConnection;
  readonly orthanc: Orthanc;
  readonly facts: SystemFacts;
  readonly find: Find;
  /** Asked once, whoever needs it. */
  readonly statistics: () => Promise<Statistics>;
}

export interface Check {
  readonly name: string;
  /** The tool asks the same, and cannot do without the answer. */
  readonly isNeeded?: boolean;
  /** Takes times, which others that ask meanwhile would falsify. */
  readonly isAlone?: boolean;
  look(examined: Examined): Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;
}

/** What a careful administrator would look at on one server, in this order; each finding with its remedy. */
export async function examineServer(server: Server, checks: readonly Check[]): Promise<Finding[]> {
  const { subject, flags, asker, refused } = server;
  const find = finderFor(subject);
  let connection: OrthancConnection = { url: '' };
  try {
    connection = server.connection();
    await using orthanc = connectOrthanc(connection);
    const facts = await orthanc.system();
    let told: Promise<Statistics> | undefined;
    const statistics = () => (told ??= orthanc.statistics());
    return await examine({ connection, orthanc, facts, find, flags, asker, statistics }, checks);
  } catch (error) {
    const failure = expected(error);
    return [...(refused?.(failure, find) ?? refusedFindings(failure, { flags, find, connection }))];
  }
}

async function examine(examined: Examined, checks: readonly Check[]): Promise<Finding[]> {
  const findings = new Map<Check, readonly Finding[]>();
  const ask = async (check: Check) => {
    findings.set(check, await guarded(check, examined));
  };
  await Promise.all(checks.filter(({ isAlone }) => isAlone !== true).map(ask));
  for (const check of checks.filter(({ isAlone }) => isAlone === true)) await ask(check);
  return checks.flatMap((check) => findings.get(check) ?? []);
}

/** A question that fails becomes a finding of its own: it must not cost the others. */
async function guarded(
  { name, isNeeded = false, look }: Check,
  examined: Examined,
): Promise<readonly Finding[]> {
  const { find, asker } = examined;
  try {
    const found = await look(examined);
    return 'verdict' in found ? [found] : found;
  } catch (error) {
    const failure = expected(error);
    const remedy = remedyFor(failure, isNeeded, asker);
    return [find(name, isNeeded ? 'problem' : 'unknown', failure.message, remedy)];
  }
}

function remedyFor({ code, facts }: Failure, isNeeded: boolean, { work }: Asker): string {
  const why = isNeeded ? `${work} needs it` : `only this check needs it, ${work} works without`;
  return code === 'ORTHANC_UNAUTHORIZED'
    ? `Allow this user ${String(facts['call'])}: ${why}.`
    : `Look at the log of Orthanc and of what stands before it: ${why}.`;
}
