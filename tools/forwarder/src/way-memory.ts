import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { Mode, Route } from './destination.ts';

/** As much of a ledger as holds what is known of instances at one remote. */
export type Memory = Pick<WorkLedger, 'remember' | 'remembered' | 'forget' | 'flush'>;

/** No instance: Orthanc's identifiers hold digits, letters a to f and dashes only. */
const mark = 'via:';

/**
 * What is known of instances at one remote, in the destination's ledger: what was sent to one, or seen there, says nothing
 * of another, be it the alternate, or the place to which the same destination led before.
 */
export function memoryOfWay(ledger: Memory, place: string): Memory {
  const prefix = `${mark}${encodeURIComponent(place)}:`;
  return {
    remember: (key, notes) => {
      ledger.remember(key, prefixed(notes, prefix));
    },
    remembered: (key, { limit, after = '' }) =>
      ledger
        .remembered(key, { limit, after: `${prefix}${after}` })
        .filter(({ part }) => part.startsWith(prefix))
        .map(({ part, note }) => ({ part: part.slice(prefix.length), note })),
    forget: (key, parts) => {
      ledger.forget(
        key,
        [...parts].map((part) => `${prefix}${part}`),
      );
    },
    flush: () => {
      ledger.flush();
    },
  };
}

const kinds: Readonly<Record<Mode, string>> = {
  dicom: 'modality',
  'dicom-series-by-series': 'modality',
  'dicom-web': 'server',
  'dicom-web-series-by-series': 'server',
  peering: 'peer',
  transfer: 'peer',
  orthanc: 'orthanc',
};

/** As configured: where a route leads, and who is asked there; the same for all modes by which one gets there. */
const placeOf = ({ mode, target, connection }: Route): string =>
  [kinds[mode], target, ...(connection === undefined ? [] : [connection.url])].join(' ');

interface KnownAddress {
  /** The place is named without it, as it was before addresses were known. */
  readonly first: string;
  readonly last: string;
}

export interface Place {
  readonly name: string;
  /** That of the inbox's alias; undefined where it never could be read. */
  readonly address: string | undefined;
}

/**
 * Which place a route leads to: the same alias may come to lead to another. The first address that is seen is that of
 * whatever is known already; where none can be read, it is the one that was seen last.
 */
export function findPlace(
  ledger: Pick<WorkLedger, 'cursor' | 'setCursor'>,
  route: Route,
  address: string | undefined,
): Place {
  const configured = placeOf(route);
  const cursor = `address of ${configured}`;
  const noted = ledger.cursor(cursor);
  const known = noted === undefined ? undefined : (JSON.parse(noted) as KnownAddress);
  const last = address ?? known?.last;
  if (last === undefined) return { name: configured, address: undefined };
  const first = known?.first ?? last;
  if (last !== known?.last) ledger.setCursor(cursor, JSON.stringify({ first, last } satisfies KnownAddress));
  return { name: last === first ? configured : `${configured} ${last}`, address: last };
}

function* prefixed(notes: Parameters<Memory['remember']>[1], prefix: string) {
  for (const { part, note } of notes) yield { part: `${prefix}${part}`, note };
}
