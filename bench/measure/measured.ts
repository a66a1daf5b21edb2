import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Time of a piece of work, and the CPU that it cost the servers. */
export async function measured(
  servers: readonly Pick<RunningOrthanc, 'cpuSeconds'>[],
  work: () => Promise<void>,
): Promise<Measured> {
  const cpu = async () => {
    let sum = 0;
    for (const server of servers) sum += await server.cpuSeconds();
    return sum;
  };
  const [before, started] = [await cpu(), performance.now()];
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: (await cpu()) - before };
}
