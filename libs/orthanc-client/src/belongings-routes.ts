import type { Ask } from './ask.ts';
import type { MetadataNames, ResourceBelongings } from './belongings.ts';
import type { RequestBody } from './call.ts';
import { findBelongings } from './find-belongings.ts';
import type { Asking } from './find-level.ts';
import type { OpenFile } from './instances.ts';
import { openAnswer } from './open-answer.ts';
import { accepted, readText } from './read-answer.ts';
import { readAttachmentNumbers } from './read-attachments.ts';
import { readStream } from './read-stream.ts';
import { type Resource, type Resources, pathOf, routeOf } from './resources.ts';
import { bodyLength } from './send-body.ts';
import type { StudyHead } from './studies.ts';
import type { LazyWire } from './wire.ts';

export interface BelongingsRoutes {
  /** Of the patient, the study and its series, by the Orthanc identifier of the study; of its instances where asked for. */
  ofStudies(
    heads: readonly StudyHead[],
    settings?: { readonly withInstances?: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<Map<string, readonly ResourceBelongings[]>>;
  /** Numbers of what users or plugins have attached to a resource; none where it is not there. */
  attachmentNumbers(resource: Resource, signal?: AbortSignal): Promise<number[]>;
  /** In place of what is there. */
  putMetadata(resource: Resource, number: number, value: string, signal?: AbortSignal): Promise<void>;
  removeMetadata(resource: Resource, number: number, signal?: AbortSignal): Promise<void>;
  openAttachment(resource: Resource, number: number, signal?: AbortSignal): Promise<OpenFile>;
  /** In place of what is there; nothing of it is kept unless all of it arrives. */
  putAttachment(resource: Resource, number: number, file: RequestBody, signal?: AbortSignal): Promise<void>;
  removeAttachment(resource: Resource, number: number, signal?: AbortSignal): Promise<void>;
  /** Orthanc then spares the patient when it makes room. */
  protect(patientId: string, signal?: AbortSignal): Promise<void>;
  unprotect(patientId: string, signal?: AbortSignal): Promise<void>;
}

interface Means {
  readonly wire: LazyWire;
  readonly ask: Ask;
  readonly resources: Resources;
  readonly protection: Asking['protection'];
  readonly facts: () => Promise<{
    readonly hasExtendedFind: boolean;
    readonly findsProtection: boolean;
    readonly userMetadata: MetadataNames;
  }>;
}

export function belongingsOf({ wire, ask, resources, protection, facts }: Means): BelongingsRoutes {
  const { headers, shown: server } = wire.endpoint;
  const change = (method: 'PUT' | 'DELETE', path: string, settings: Change) =>
    ask({ method, path, effect: 'whole', isPlainText: true, ...settings }, () => undefined);
  const metadata = (resource: Resource, number: number) => ({
    path: `${pathOf(resource)}/metadata/${String(number)}`,
    route: `${routeOf(resource)}/metadata/{number}`,
  });
  const attachment = (resource: Resource, number: number) => ({
    path: `${pathOf(resource)}/attachments/${String(number)}`,
    route: `${routeOf(resource)}/attachments/{number}`,
  });
  const setProtection = (patientId: string, content: '1' | '0', signal?: AbortSignal) =>
    change('PUT', `/patients/${patientId}/protected`, {
      route: '/patients/{id}/protected',
      content,
      signal,
    });
  return {
    ofStudies: async (heads, { withInstances = false, signal } = {}) => {
      const { hasExtendedFind, findsProtection, userMetadata: names } = await facts();
      return findBelongings(heads, withInstances, {
        ask,
        resources,
        names,
        hasExtendedFind,
        findsProtection,
        protection,
        signal,
      });
    },
    attachmentNumbers: (resource, signal) => readAttachmentNumbers(ask, resource, signal),
    putMetadata: async (resource, number, value, signal) => {
      const { path, route } = metadata(resource, number);
      await change('PUT', path, { route, content: value, signal });
    },
    removeMetadata: async (resource, number, signal) => {
      const { path, route } = metadata(resource, number);
      await change('DELETE', path, { route, signal });
    },
    openAttachment: async (resource, number, signal) => {
      const { path, route } = attachment(resource, number);
      const call = { what: `GET ${route}/data`, effect: 'nothing', method: 'GET' } as const;
      const opened = await openAnswer(await wire.ready(), { ...call, path: `${path}/data`, headers, signal });
      const answer = await accepted(opened, server);
      const length = answer.response.headers['content-length'];
      return { body: readStream(answer), ...(length !== undefined && { length: Number(length) }) };
    },
    putAttachment: async (resource, number, file, signal) => {
      const { path, route } = attachment(resource, number);
      const length = bodyLength(file);
      const own = {
        'content-type': 'application/octet-stream',
        ...(length !== undefined && { 'content-length': length }),
      };
      const call = { what: `PUT ${route}`, effect: 'whole', method: 'PUT', path } as const;
      const request = { ...call, headers: { ...headers, ...own }, body: file, signal };
      await readText(await accepted(await openAnswer(await wire.ready(), request), server));
    },
    removeAttachment: async (resource, number, signal) => {
      const { path, route } = attachment(resource, number);
      await change('DELETE', path, { route, signal });
    },
    protect: (patientId, signal) => setProtection(patientId, '1', signal),
    unprotect: (patientId, signal) => setProtection(patientId, '0', signal),
  };
}

interface Change {
  readonly route: string;
  readonly content?: string;
  readonly signal?: AbortSignal | undefined;
}
