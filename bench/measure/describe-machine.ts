import { cpus, loadavg, totalmem } from 'node:os';
import process from 'node:process';

export function describeMachine(): string {
  const processors = cpus();
  const memory = `${(totalmem() / 1024 ** 3).toFixed(0)} GB`;
  return `${String(processors.length)} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${memory}, Node ${process.versions.node}`;
}

/** Of the last one and five minutes: what else runs on the machine falsifies what is measured. */
export function describeLoad(): string {
  const [one = 0, five = 0] = loadavg();
  return `${one.toFixed(2)} (1 min), ${five.toFixed(2)} (5 min)`;
}
