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
export function memoryOfWay(ledger: Memory, route: Route): Memory {
  const prefix = `${mark}${encodeURIComponent(placeOf(route))}:`;
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

/** Where a route leads, and who is asked there; the same for all modes by which one gets there. */
export const placeOf = ({ mode, target, connection }: Route): string =>
  [kinds[mode], target, ...(connection === undefined ? [] : [connection.url])].join(' ');

function* prefixed(notes: Parameters<Memory['remember']>[1], prefix: string) {
  for (const { part, note } of notes) yield { part: `${prefix}${part}`, note };
}
