import { asFailure, permanentFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import type { OpenFile } from './instances.ts';
import { type JsonRecord, record } from './json-fields.ts';
import { openAnswer } from './open-answer.ts';
import { accepted } from './read-answer.ts';
import { readStream } from './read-stream.ts';
import type { TagChange } from './resources.ts';
import type { LazyWire } from './wire.ts';

/** How one instance is to be changed: by which of Orthanc's routes, and with which body. */
export interface InstanceChange {
  readonly route: 'modify' | 'anonymize';
  readonly change: TagChange;
}

export interface ChangedFiles {
  /**
   * A changed copy of an instance, made while it is read: Orthanc stores nothing of it. Identifiers that the change does
   * not set or keep are random.
   * @throws permanent `CHANGE_REFUSED` when Orthanc cannot make it; `ORTHANC_NOT_FOUND` when the instance is gone
   */
  openChanged(id: string, change: InstanceChange, signal?: AbortSignal): Promise<OpenFile>;
  /**
   * All tags of an instance as Orthanc tells them, by `gggg,eeee`: each with `Name`, `Type` and `Value`, which is a list
   * of the same for a sequence. Long and binary values are left out. Patient data.
   */
  tags(id: string, signal?: AbortSignal): Promise<JsonRecord>;
}

const notImplemented = 2;
const outOfRange = 3;
const badRequest = 8;
const badFileFormat = 15;
const unknownDicomTag = 27;
const faultsOfChange: ReadonlySet<unknown> = new Set([
  notImplemented,
  outOfRange,
  badRequest,
  badFileFormat,
  unknownDicomTag,
]);

export function changedFilesOf(wire: LazyWire, ask: Ask): ChangedFiles {
  const { headers, shown: server } = wire.endpoint;
  return {
    openChanged: async (id, { route, change }, signal) => {
      const body = Buffer.from(JSON.stringify(change));
      const call = {
        what: `POST /instances/{id}/${route}`,
        effect: 'nothing',
        method: 'POST',
        path: `/instances/${id}/${route}`,
        headers: { ...headers, 'content-type': 'application/json', 'content-length': body.length },
        body,
        signal,
      } as const;
      const opened = await openAnswer(await wire.ready(), call);
      const answer = await accepted(opened, server).catch(refusedChange);
      const length = answer.response.headers['content-length'];
      return { body: readStream(answer), ...(length !== undefined && { length: Number(length) }) };
    },
    tags: (id, signal) =>
      ask({ method: 'GET', path: `/instances/${id}/tags`, route: '/instances/{id}/tags', signal }, (value) =>
        record(value, 'the answer'),
      ),
  };
}

/** Orthanc answers alike (400 or 500) to a change that it cannot make and to troubles of its own, but for a number. */
function refusedChange(error: unknown): never {
  const failure = asFailure(error);
  if (failure === undefined || !faultsOfChange.has(failure.facts['orthancStatus'])) throw error;
  throw permanentFailure('CHANGE_REFUSED', failure.message, { facts: failure.facts });
}
