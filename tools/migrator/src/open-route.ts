import { configurationError } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, connectionFrom, firstQuestion } from '@orthanc-tools/orthanc-client';
import { knownCap } from '@orthanc-tools/study-search';
import { nameOf } from '@orthanc-tools/tool-options';
import { arrivalAtModality, arrivalAtOrthanc, silentArrival } from './arrival.ts';
import { type Lane, laneOf } from './lane.ts';
import type { MigratorOptions } from './options.ts';
import { type PassOn, type Route, planRoute } from './plan-route.ts';
import { type Receiver, modalityReceiver, peerReceiver } from './receiver.ts';
import type { SourceModality } from './study-context.ts';

/** The two ends of the migration, ready for work. */
export interface OpenedRoute extends AsyncDisposable {
  readonly source: SourceModality | undefined;
  readonly receiver: Receiver | undefined;
}

type Known = Awaited<ReturnType<Orthanc['modalities']['settings']>>;

/**
 * Finds out whether Orthanc knows both ends.
 * @throws configuration `ORTHANC_TOO_OLD`, `SOURCE_UNKNOWN`, `DESTINATION_UNKNOWN`
 */
export async function openRoute(options: MigratorOptions, orthanc: Orthanc): Promise<OpenedRoute> {
  const route = planRoute(options);
  const facts = await firstQuestion(orthanc, 'orthanc', () => orthanc.system());
  if (!facts.hasExtendedFind)
    throw configurationError(
      'ORTHANC_TOO_OLD',
      `Orthanc ${facts.version} cannot list the images of a study by their UIDs: the migrator needs 1.12.5 with an index that has ExtendedFind (SQLite or PostgreSQL).`,
    );
  const known = await orthanc.modalities.settings();
  const destination =
    options.destUrl === undefined ? undefined : connectOrthanc(connectionFrom(options, 'dest'));
  const lane = laneOf(options.destinationAssociations);
  const opening = { options, orthanc, known, lane, destination };
  return {
    source: openSource(route, { ...opening, ownAet: facts.aet }),
    receiver: route.passOn && (await openReceiver(route.passOn, opening)),
    [Symbol.asyncDispose]: async () => {
      await destination?.[Symbol.asyncDispose]();
    },
  };
}

/** What it means that Orthanc does not know the AET to which the source sends; the source may know it, or not. */
export const nobodyAsked = (aet = ''): string =>
  `${nameOf('destinationAet')}: no modality of Orthanc has the AET "${aet}", so that nobody can be asked what has arrived: nothing is proved, and what the source reports as sent is called accepted.`;

interface Opening {
  readonly options: MigratorOptions;
  readonly orthanc: Orthanc;
  readonly known: Known;
  /** Of the destination. */
  readonly lane: Lane;
  readonly destination: Orthanc | undefined;
}

function openSource(
  route: Route,
  { options, orthanc, known, lane, ownAet }: Opening & { readonly ownAet: string | undefined },
): SourceModality | undefined {
  if (route.from === 'orthanc') return undefined;
  const { alias, method } = route;
  if (!known.some((one) => one.alias === alias))
    throw unknownAlias('SOURCE_UNKNOWN', 'sourceModality', { alias, known });
  const arrivalAet = route.arrivalAet === ownAet ? undefined : route.arrivalAet;
  const there = known.find(({ aet }) => aet === arrivalAet)?.alias;
  const arrival =
    arrivalAet === undefined
      ? arrivalAtOrthanc(orthanc)
      : there === undefined
        ? silentArrival
        : arrivalAtModality(orthanc, there, lane);
  const { maxCfindStudyCount: studiesAtMost } = options;
  return {
    alias,
    method,
    lane: laneOf(options.sourceAssociations),
    cap: knownCap(studiesAtMost),
    // What is declared of studies need not hold for what is in them.
    listCaps: { series: knownCap(undefined, studiesAtMost), images: knownCap(undefined, studiesAtMost) },
    arrival,
    arrivalAet,
  };
}

async function openReceiver(passOn: PassOn, opening: Opening): Promise<Receiver> {
  const { orthanc, known, lane, destination } = opening;
  if (passOn.to === 'peer') {
    const { alias } = passOn;
    const peers = (await orthanc.peers.names()).map((name) => ({ alias: name }));
    if (!peers.some((one) => one.alias === alias))
      throw unknownAlias('DESTINATION_UNKNOWN', 'destinationPeer', { alias, known: peers });
    return peerReceiver(orthanc, alias, { lane, destination });
  }
  const isWanted = ({ alias, aet }: Known[number]) =>
    passOn.to === 'aet' ? aet === passOn.aet : alias === passOn.alias;
  const found = known.find(isWanted);
  if (found === undefined)
    throw passOn.to === 'aet'
      ? unknownAlias('DESTINATION_UNKNOWN', 'destinationAet', {
          alias: passOn.aet,
          known: known.map(({ aet }) => ({ alias: aet })),
        })
      : unknownAlias('DESTINATION_UNKNOWN', 'destinationModality', { alias: passOn.alias, known });
  return modalityReceiver(orthanc, found.alias, lane);
}

function unknownAlias(
  code: string,
  option: string,
  { alias, known }: { readonly alias: string; readonly known: readonly { readonly alias: string }[] },
): Error {
  const others =
    known.length === 0 ? 'it knows none' : `it knows ${known.map((one) => one.alias).join(', ')}`;
  return configurationError(code, `${nameOf(option)}: Orthanc knows no "${alias}"; ${others}.`);
}
