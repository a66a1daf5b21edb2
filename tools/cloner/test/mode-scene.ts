import {
  type FaultProxy,
  type OrthancVersion,
  counting,
  openTestbed,
  receivedBy,
  startFaultProxy,
  withTransfers,
} from '@orthanc-tools/orthanc-testbed';
import { type Scene, type SceneRequest, openScene } from './clone-scene.ts';

/** Each way in which images travel. */
export const modes = ['Default', 'Peering', 'Transfer', 'Dicom'] as const;
export type Mode = (typeof modes)[number];

export const argumentsFor: Readonly<Record<Mode, readonly string[]>> = {
  Default: ['--mode=Default'],
  Peering: ['--mode=Peering', '--dest-peer=destination'],
  Transfer: ['--mode=Transfer', '--dest-peer=destination'],
  Dicom: ['--mode=Dicom', '--dest-dicom=destination'],
};

/** What a run by a mode is given. */
export const asked = (
  scene: Pick<Scene, 'usualArguments'>,
  mode: Mode,
  ...more: readonly string[]
): string[] => [...scene.usualArguments, ...argumentsFor[mode], ...more];

export interface ModeScene extends Scene {
  /** Between source and destination, by REST and by DICOM. */
  readonly toPeer: FaultProxy;
  readonly toModality: FaultProxy;
  /** How many instances have arrived at the destination since its start, also those that it had already. */
  received(): Promise<number>;
}

export type OpenModeScene = (request: SceneRequest) => Promise<ModeScene>;

/** The versions of Orthanc that every mode is tried on. */
export const versions = ['1.13', '1.12'] as const;

export const openModeSceneOn =
  (version: OrthancVersion): OpenModeScene =>
  (request) =>
    openModeScene({
      ...request,
      source: { ...request.source, version },
      destination: { ...request.destination, version },
    });

/** A scene whose source also reaches the destination by itself, through links that can be disturbed. */
export async function openModeScene(request: SceneRequest): Promise<ModeScene> {
  // Orthanc lets one plugin only hear of what arrives.
  const isCounted = request.link?.behaviour !== 'lying';
  await using opening = new AsyncDisposableStack();
  const { hostAddress } = await openTestbed();
  const links: FaultProxy[] = [];
  const link = async (target: string, level: 'http' | 'tcp') => {
    const proxy = opening.use(await startFaultProxy(target, { host: '0.0.0.0', level, seed: request.seed }));
    links.push(proxy);
    return proxy;
  };
  const scene = await openScene({
    ...request,
    source: withTransfers(request.source),
    destination: isCounted
      ? counting(withTransfers(request.destination))
      : withTransfers(request.destination),
    link: {
      ...request.link,
      reach: async ({ url, dicomHost, dicomPort, aet }) => {
        const peer = await link(url, 'http');
        const modality = await link(`http://${dicomHost}:${String(dicomPort)}`, 'tcp');
        return {
          peerUrl: `http://${hostAddress}:${String(peer.port)}`,
          modality: [aet, hostAddress, modality.port],
        };
      },
    },
  });
  opening.use(scene);
  const [toPeer, toModality] = links;
  if (toPeer === undefined || toModality === undefined) throw new Error('The links were not asked for.');
  const stack = opening.move();
  return {
    ...scene,
    toPeer,
    toModality,
    received: () => receivedBy(scene.destination),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
