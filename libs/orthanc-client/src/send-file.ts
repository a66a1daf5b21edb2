import type { RequestBody } from './call.ts';
import { openAnswer } from './open-answer.ts';
import { accepted, readText } from './read-answer.ts';
import { bodyLength } from './send-body.ts';
import { readJson } from './unreadable-answer.ts';
import type { LazyWire } from './wire.ts';

/** A DICOM file that this Orthanc is to hand on to a destination without storing it. */
export interface FileInPassing {
  readonly path: string;
  /** The route as messages show it. */
  readonly route: string;
  /** Alias. */
  readonly destination: string;
  readonly file: RequestBody;
  readonly signal?: AbortSignal | undefined;
}

export type SendFile = <T>(passing: FileInPassing, parse: (value: unknown) => T) => Promise<T>;

/** The answer comes when the destination has answered; a file that is broken off on its way reaches nobody. */
export function fileSender(wire: LazyWire): SendFile {
  const { headers, shown: server } = wire.endpoint;
  return async ({ path, route, destination, file, signal }, parse) => {
    const length = bodyLength(file);
    const own = {
      'content-type': 'application/dicom',
      ...(length !== undefined && { 'content-length': length }),
    };
    const call = { what: `POST ${route}`, effect: 'whole', destination } as const;
    const request = {
      ...call,
      method: 'POST',
      path,
      headers: { ...headers, ...own },
      body: file,
      signal,
    } as const;
    const answer = await accepted(await openAnswer(await wire.ready(), request), server);
    return readJson(await readText(answer), parse, { server, call });
  };
}
