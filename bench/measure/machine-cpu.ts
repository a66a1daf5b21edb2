import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** CPU time that the whole machine has spent working since it started, in seconds. */
export function machineCpuSeconds(): number {
  // The first line of stat in proc(5), in hundredths of a second: user, nice, system, idle, iowait, irq, softirq, ...
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] =
    readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/).slice(1).map(Number) ?? [];
  return (user + nice + system + irq + softirq) / 100;
}

/** The part of the machine, 0 to 1, that so much CPU time in so much time is. */
export function shareOfMachine(cpuSeconds: number, seconds: number): number {
  return Math.max(0, cpuSeconds / (seconds * cpus().length));
}
