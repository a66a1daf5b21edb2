import {
  type AskedInstance,
  type Witness,
  askModality,
  askOrthanc,
  haveSameContent,
  judgeHeld,
} from '@orthanc-tools/copy-proof';
import { configurationError } from '@orthanc-tools/failures';
import {
  type Orthanc,
  type StoredInstance,
  type SystemFacts,
  connectOrthanc,
  connectionFrom,
} from '@orthanc-tools/orthanc-client';
import { isSameStorage, leadToOne } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import type { CleanerOptions } from '../options.ts';
import { isToldByItself, mayBeItself } from './may-be-itself.ts';

/** Where else a study must be before it may be deleted. */
export interface Elsewhere extends AsyncDisposable {
  /** @throws configuration, when it can never say what it holds; or what keeps it from being reached */
  probe(signal: AbortSignal): Promise<void>;
  /** How much of these instances of one study it says that it holds. */
  holds(instances: readonly StoredInstance[], studyId: string, signal: AbortSignal): Promise<Holding>;
}

/** `other bytes`: it has something under the identifiers of each, and of some not the same, as after C-STORE. */
export type Holding = 'all' | 'not all' | 'other bytes';

type ElsewhereOptions = Pick<CleanerOptions, 'onlyIfAt'> & Parameters<typeof connectionFrom<'dest'>>[0];

/** Undefined where nobody asked for it. Opens nothing yet. */
export function openElsewhere(orthanc: Orthanc, options: ElsewhereOptions): Elsewhere | undefined {
  const { onlyIfAt: place } = options;
  if (place === undefined) return undefined;
  return /^https?:\/\//i.test(place)
    ? atOrthanc(orthanc, connectOrthanc(connectionFrom({ ...options, destUrl: place }, 'dest')))
    : atModality(orthanc, place);
}

function atOrthanc(here: Orthanc, there: Orthanc): Elsewhere {
  const witness = askOrthanc(there);
  return {
    probe: async (signal) => {
      const isOne = await leadToOne(
        () => here.system(signal),
        () => there.system(signal),
      );
      if (isOne) throw isHere(`${nameOf('onlyIfAt')} leads to the Orthanc that is to be cleaned`);
      if (await isSameStorage(here, there, signal))
        throw isHere(
          `${nameOf('onlyIfAt')} leads to an Orthanc that holds the same files as the one that is to be cleaned, on one storage with it or on a copy of it`,
        );
    },
    holds: async (instances, studyId, signal) => {
      const verdicts = await verdictsOf(witness, { instances, studyId, signal });
      if (verdicts.some(([, { is }]) => is === 'missing' || is === 'without file')) return 'not all';
      if (verdicts.some(([, { is }]) => is === 'different')) return 'other bytes';
      for (const [instance, { is }] of verdicts) {
        if (is === 'proved') continue;
        // Without an MD5 only the bytes themselves can tell; so far it is known that there are as many of them.
        if (!(await haveSameContent([here, instance], [there, instance], signal))) return 'other bytes';
      }
      return 'all';
    },
    [Symbol.asyncDispose]: () => there[Symbol.asyncDispose](),
  };
}

const isHere = (what: string) =>
  configurationError('ELSEWHERE_IS_HERE', `${what}: it would vouch for itself.`);

function atModality(here: Orthanc, alias: string): Elsewhere {
  // Until it is known, no AET is taken for its own.
  let own: Pick<SystemFacts, 'aet'> = { aet: undefined };
  const modalities = watching(here.modalities, (retrieveAets) => {
    if (isToldByItself(retrieveAets, own)) throw mayBeHere(`the modality "${alias}" answers with the AET`);
  });
  const witness = askModality({ modalities }, alias);
  return {
    probe: async (signal) => {
      const system = await here.system(signal);
      own = system;
      const settings = (await modalities.settings(signal)).find((modality) => modality.alias === alias);
      if (settings !== undefined && mayBeItself(settings, system))
        throw mayBeHere(`the modality "${alias}" has the AET, or the port on this machine,`);
      if ((await witness.probe(signal)) !== 'image') throw saysNothing(alias);
      await askForOne(here, { modalities, alias, signal });
    },
    holds: async (instances, studyId, signal) => {
      const verdicts = await verdictsOf(witness, { instances, studyId, signal });
      // That it names the instance is all that a modality can say; whoever names it as the place relies on that.
      return verdicts.every(([, { is }]) => is === 'proved' || is === 'undecided') ? 'all' : 'not all';
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const mayBeHere = (what: string) =>
  isHere(
    `${nameOf('onlyIfAt')}: ${what} of the Orthanc that is to be cleaned. Where it is another one, give it an AET of its own, or name it by its URL, where what it tells of itself and of its files is compared; as it is`,
  );

const saysNothing = (alias: string) =>
  configurationError(
    'ELSEWHERE_SAYS_NOTHING',
    `${nameOf('onlyIfAt')}: the modality "${alias}" refuses to be asked for instances (C-FIND at image level): nothing could ever be deleted.`,
  );

/** Asks with each question where what is told is to be had, and shows that of each answer. */
const watching = (
  modalities: Orthanc['modalities'],
  see: (retrieveAets: string | undefined) => void,
): Orthanc['modalities'] => ({
  ...modalities,
  find: async (alias, { level, keys }, signal) => {
    const query = { level, keys: { ...keys, RetrieveAETitle: '' } };
    const answers = await modalities.find(alias, query, signal);
    for (const { RetrieveAETitle: told } of answers) see(told);
    return answers;
  },
});

interface Asking {
  readonly modalities: Orthanc['modalities'];
  readonly alias: string;
  readonly signal: AbortSignal;
}

/** Of one study that is here, before anything is deleted: were the modality this Orthanc, it would answer for it. */
async function askForOne(here: Orthanc, { modalities, alias, signal }: Asking): Promise<void> {
  for await (const [study] of here.studies.list({ pageSize: 1, signal })) {
    const keys = { StudyInstanceUID: study?.tags['StudyInstanceUID'] ?? '' };
    if (keys.StudyInstanceUID !== '') await modalities.find(alias, { level: 'Study', keys }, signal);
    return;
  }
}

interface HoldingQuestion {
  readonly instances: readonly StoredInstance[];
  readonly studyId: string;
  readonly signal: AbortSignal;
}

async function verdictsOf(witness: Witness, { instances, studyId, signal }: HoldingQuestion) {
  const asked = instances.map(askedFor);
  const studyUid = instances[0]?.identifiers?.studyUid ?? '';
  const held = await witness.held({ studyId, studyUid, instances: asked, signal });
  return instances.map((instance) => {
    const copies = held.get(instance.identifiers?.sopInstanceUid ?? '');
    return [instance, judgeHeld(instance, copies, { kind: witness.kind, wasAbsent: false })] as const;
  });
}

const askedFor = ({ id, identifiers }: StoredInstance): AskedInstance => ({
  id,
  seriesUid: identifiers?.seriesUid ?? '',
  sopInstanceUid: identifiers?.sopInstanceUid ?? '',
});
