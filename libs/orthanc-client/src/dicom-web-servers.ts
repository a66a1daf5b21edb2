import { asFailure, configurationError } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { startJob } from './jobs.ts';
import { filledText, list, parseNames, plainText, record, text } from './json-fields.ts';
import { unknownDestination } from './name-destination-trouble.ts';
import { parseSopInstanceUids } from './qido-answer.ts';

/** A study, or one of its series, of which a DICOMweb server is asked what it holds. */
export interface DicomWebQuestion {
  readonly studyUid: string;
  readonly seriesUid?: string | undefined;
  /** Only this one. */
  readonly sopInstanceUid?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DicomWebInstances {
  /** SOP Instance UIDs. */
  readonly uids: ReadonlySet<string>;
  /** False where the server repeats itself instead of paging: it may hold more. */
  readonly isWhole: boolean;
}

/** How the plugin reaches a server. It tells no password and no header's value. */
export interface DicomWebAddress {
  /** Root of its services, as seen by Orthanc: from elsewhere it may be another. */
  readonly url: string;
  /** Nothing has to be known to get in. */
  readonly isOpen: boolean;
}

/** The DICOMweb servers that are configured in Orthanc's DICOMweb plugin, by their aliases. */
export interface DicomWebServers {
  /** @throws configuration `DICOM_WEB_MISSING` as each of these does where Orthanc has no DICOMweb plugin */
  names(signal?: AbortSignal): Promise<string[]>;
  /** @throws configuration `DESTINATION_UNKNOWN` */
  address(alias: string, signal?: AbortSignal): Promise<DicomWebAddress>;
  /**
   * STOW-RS of resources of any level in one request of the plugin, by a job whose identifier it gives. A server may
   * refuse a part: the job then fails, and the rest is stored.
   */
  stow(
    alias: string,
    resourceIds: readonly string[],
    settings?: { readonly priority?: number | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<string>;
  /** QIDO-RS: the SOP Instance UIDs that the server tells, page by page to the last. */
  instances(alias: string, question: DicomWebQuestion): Promise<DicomWebInstances>;
  /** Asks for one study, whatever it is. @throws the server's refusal */
  probe(alias: string, signal?: AbortSignal): Promise<void>;
}

const pageSize = 1000;
const unknownResource = 17;

/** `findRoot` tells the path of the plugin; undefined without it. */
export function dicomWebServersOf(ask: Ask, findRoot: () => Promise<string | undefined>): DicomWebServers {
  const servers = async (): Promise<string> => {
    const root = await findRoot();
    if (root === undefined)
      throw configurationError('DICOM_WEB_MISSING', 'Orthanc has no DICOMweb plugin: enable it.');
    return `${root}/servers`;
  };
  const pathTo = async (alias: string, route: string) => ({
    path: `${await servers()}/${encodeURIComponent(alias)}/${route}`,
    route: `/dicom-web/servers/{id}/${route}`,
    destination: alias,
  });
  const get = async (alias: string, { uri, query, signal }: Get) => {
    const content = { Uri: uri, Arguments: query, HttpHeaders: { Accept: 'application/dicom+json' } };
    const question = { method: 'POST', ...(await pathTo(alias, 'get')), content, signal } as const;
    return ask({ ...question, isPlainText: true }, parseSopInstanceUids).catch(answersNotFound(alias));
  };
  return {
    names: async (signal) => ask({ method: 'GET', path: await servers(), signal }, parseNames),
    address: async (alias, signal) => {
      const path = `${await servers()}?expand`;
      const all = await ask({ method: 'GET', path, signal }, parseAddresses);
      const address = all.get(alias);
      if (address === undefined) throw unknownDestination(alias, {});
      return address;
    },
    stow: async (alias, resourceIds, { priority, signal } = {}) =>
      startJob(ask, {
        ...(await pathTo(alias, 'stow')),
        content: { Resources: resourceIds, ...(priority !== undefined && { Priority: priority }) },
        signal,
      }),
    instances: async (alias, { studyUid, seriesUid, sopInstanceUid, signal }) => {
      const study = `/studies/${encodeURIComponent(studyUid)}`;
      const parent = seriesUid === undefined ? study : `${study}/series/${encodeURIComponent(seriesUid)}`;
      const only = sopInstanceUid === undefined ? {} : { SOPInstanceUID: sopInstanceUid };
      return readPages((offset) =>
        get(alias, { uri: `${parent}/instances`, query: { ...only, ...pageAt(offset) }, signal }),
      );
    },
    probe: async (alias, signal) => {
      await get(alias, { uri: '/studies', query: { limit: '1' }, signal });
    },
  };
}

function parseAddresses(value: unknown): Map<string, DicomWebAddress> {
  const entries = Object.entries(record(value, 'the answer')).map(([alias, told]) => {
    const from = record(told, 'a server');
    const headers = list(from['HttpHeaders'] ?? [], '"HttpHeaders"', plainText);
    const isOpen =
      filledText(from, 'Username') === undefined && headers.length === 0 && from['Pkcs11'] !== true;
    return [alias, { url: text(from, 'Url'), isOpen }] as const;
  });
  return new Map(entries);
}

interface Get {
  readonly uri: string;
  readonly query: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

const pageAt = (offset: number) => ({ limit: String(pageSize), offset: String(offset) });

/** A server may tell fewer at once than it is asked for, and some know no offset: only a page without news is the last. */
async function readPages(
  readPage: (offset: number) => Promise<readonly string[]>,
): Promise<DicomWebInstances> {
  const uids = new Set<string>();
  for (let offset = 0; ;) {
    const page = await readPage(offset);
    const before = uids.size;
    for (const uid of page) uids.add(uid);
    if (uids.size === before) return { uids, isWhole: page.length === 0 };
    offset += page.length;
  }
}

/** The plugin answers alike for a server that it does not know and for one that answers "not found", but for a number. */
function answersNotFound(alias: string): (error: unknown) => never {
  return (error) => {
    const failure = asFailure(error);
    if (failure?.code !== 'DESTINATION_UNKNOWN' || failure.facts['orthancStatus'] !== unknownResource)
      throw error;
    const message = `${alias} answers "not found" to QIDO-RS: a wrong address, or a server that cannot be asked.`;
    throw configurationError('DESTINATION_ANSWERS_NOT_FOUND', message, { facts: failure.facts });
  };
}
