import {
  type FaultProxy,
  type RunningOrthanc,
  startFaultProxy,
  withTransfers,
} from '@orthanc-tools/orthanc-testbed';
import { openServers } from './forward-scene.ts';

export type MatrixServers = Awaited<ReturnType<typeof openMatrix>>;

/** The servers of all cases: a destination for each trouble, two that are well, and a link to the first that can be disturbed. */
export async function openMatrix() {
  await using opening = new AsyncDisposableStack();
  const links: FaultProxy[] = [];
  const reach = async ({ url, modality: [aet, , port] }: RunningOrthanc) => {
    const rest = opening.use(await startFaultProxy(url));
    const dicom = opening.use(await startFaultProxy(`http://127.0.0.1:${String(port)}`, { level: 'tcp' }));
    links.push(rest, dicom);
    return { peerUrl: rest.url, modality: [aet, '127.0.0.1', dicom.port] as const };
  };
  const request = withTransfers();
  const servers = opening.use(
    await openServers({
      inbox: request,
      destinations: {
        linked: { request, reach },
        refusing: { request, behaviour: 'refusing-every-tenth' },
        full: { request, behaviour: 'full' },
        lying: { request, behaviour: 'lying' },
        second: { request },
        third: { request },
      },
    }),
  );
  const disturb = (faults: Parameters<FaultProxy['disturb']>[0]) =>
    Promise.all(links.map((link) => link.disturb(faults)));
  const kept = opening.move();
  return {
    ...servers,
    disturb,
    /** To the first destination, through its link. */
    connectionCount: () => links.reduce((sum, link) => sum + link.connectionCount(), 0),
    /** By which the first destination is asked, through the link where it has one. */
    addressOf: (alias: keyof typeof servers.destinations) =>
      (alias === 'linked' ? links[0]?.url : undefined) ?? servers.destinations[alias].url,
    /** Leaves nothing of a case to the next one. */
    clear: async () => {
      await Promise.all(links.map((link) => link.clear()));
      for (const server of [servers.source, ...Object.values(servers.destinations)]) await empty(server);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function empty({ url }: RunningOrthanc): Promise<void> {
  const Resources = (await (await fetch(`${url}/studies`)).json()) as string[];
  if (Resources.length > 0)
    await fetch(`${url}/tools/bulk-delete`, { method: 'POST', body: JSON.stringify({ Resources }) });
}
