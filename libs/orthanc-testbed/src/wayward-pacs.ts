import { readFileSync } from 'node:fs';
import { askOrthanc } from './ask-orthanc.ts';
import { type DicomDoor, openDicomDoor } from './dicom-door.ts';
import type { OrthancRequest, RunningOrthanc } from './running-orthanc.ts';
import type { Testbed } from './testbed.ts';

/** How it answers C-MOVE; what is left out is as it should be. C-GET is Orthanc's own, and well-behaved. */
export interface Conduct {
  /** Leaves out the tenth, twentieth … image of each C-MOVE, and reports it as completed. */
  readonly dropsEveryTenth?: boolean;
  /** SOP Instance UIDs that it reports as completed and never sends. */
  readonly neverSends?: readonly string[];
  /** Falls silent after so many images, in so many C-MOVEs from now on, until it is told how to behave anew. */
  readonly hangs?: { readonly afterImages: number; readonly times: number };
  readonly msPerImage?: number;
}

export interface WaywardRequest {
  readonly request?: OrthancRequest;
  /** Most answers to a C-FIND, at every level; it does not say that there are more. */
  readonly tellsAtMost?: number;
  /** Accepts no presentation context for these SOP classes. */
  readonly refusesSopClasses?: readonly string[];
}

/** A C-MOVE that it was asked for. */
export interface AskedMove {
  readonly level: 'STUDY' | 'SERIES' | 'IMAGE' | 'INSTANCE';
  readonly uids: readonly string[];
  /** AET. */
  readonly target: string;
  readonly images: number;
}

/** A real Orthanc behind a door, in the place of somebody else's PACS. */
export interface WaywardPacs extends AsyncDisposable {
  readonly orthanc: RunningOrthanc;
  /** The value of an entry in `DicomModalities`; leads through the door. */
  readonly modality: RunningOrthanc['modality'];
  /** Associations that others open with it; may reject them. */
  readonly door: DicomDoor;
  behave(conduct: Conduct): Promise<void>;
  /** Lets it know a modality: it answers nobody else's questions, and moves to nobody else. Survives its restarts. */
  know(alias: string, modality: RunningOrthanc['modality']): Promise<void>;
  /** Since it was started, in their order. */
  moves(): Promise<AskedMove[]>;
}

const plugin = () => readFileSync(new URL('../plugins/wayward-pacs.py', import.meta.url), 'utf8');

/** Starts a PACS that behaves well until it is told otherwise. What it holds is seeded as in any Orthanc. */
export async function startWaywardPacs(testbed: Testbed, wanted: WaywardRequest = {}): Promise<WaywardPacs> {
  await using stack = new AsyncDisposableStack();
  const orthanc = stack.use(await testbed.startOrthanc(requestFor(wanted)));
  const door = stack.use(await openDicomDoor({ host: orthanc.dicomHost, port: orthanc.dicomPort }));
  const put = (path: string, content: unknown) =>
    askOrthanc(orthanc, path, { method: 'PUT', body: JSON.stringify(content) });
  const kept = stack.move();
  return {
    orthanc,
    modality: [orthanc.aet, testbed.hostAddress, door.port],
    door,
    behave: async (conduct) => void (await put('/testbed/conduct', conduct)),
    know: async (alias, modality) => void (await put(`/modalities/${alias}`, modality)),
    moves: async () => (await (await askOrthanc(orthanc, '/testbed/moves')).json()) as AskedMove[],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function requestFor({ request, tellsAtMost, refusesSopClasses = [] }: WaywardRequest): OrthancRequest {
  return {
    name: 'pacs',
    ...request,
    pythonPlugin: [request?.pythonPlugin, plugin()].filter((source) => source !== undefined).join('\n\n'),
    configuration: {
      DicomModalitiesInDatabase: true,
      ...(tellsAtMost !== undefined && { LimitFindResults: tellsAtMost, LimitFindInstances: tellsAtMost }),
      ...(refusesSopClasses.length > 0 && { RejectedSopClasses: refusesSopClasses }),
      ...request?.configuration,
    },
  };
}
