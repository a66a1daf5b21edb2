import { readFileSync } from 'node:fs';

/** A process beyond doubt: numbers are used again, number and start time are not. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** Undefined when there is no such process (or a zombie only). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const fields = readProcessStat(pid);
  return fields === undefined || fields[0] === 'Z' ? undefined : { pid, startedAt: fields[19] ?? '' };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/** CPU time, user and system, of a process; zero if it is gone. */
export function processCpuSeconds(pid: number): number {
  const fields = readProcessStat(pid);
  // Linux counts in hundredths of a second on every platform that Orthanc is packaged for.
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The fields of /proc/PID/stat from the third on (the second may hold spaces). */
function readProcessStat(pid: number): string[] | undefined {
  try {
    const line = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
