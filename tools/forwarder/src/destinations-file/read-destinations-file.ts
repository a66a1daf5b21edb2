import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Destination, Forwarding, Profile, Route, SeriesFilter, Verification } from '../destination.ts';
import { priorityOf } from '../priority.ts';
import { type Fault, checkShape } from './check-shape.ts';
import { checkTogether } from './check-together.ts';
import type { DestinationsFile, FileDestination, FileFilter, FileProfile, FileRoute } from './file-shape.ts';
import { faultsOfProfile } from '../processing/read-order.ts';
import { beside, readConnection, readNamed } from './read-connection.ts';
import { type Path, type WrittenFile, readWritten } from './written-file.ts';

/**
 * Reads the destinations file, the files that it names for secrets and certificates too.
 * @param usualVerify for destinations that say nothing of it
 * @throws configuration `OPTIONS_INVALID` that tells every fault with line and column, and repeats no secret
 */
export function readDestinationsFile(path: string, usualVerify: Verification | undefined): Forwarding {
  const written = readWritten(contentOf(path));
  if ('fault' in written) throw refused([`${named(path)} ${written.fault}.`]);
  const shape = checkShape(written.content);
  if ('faults' in shape) throw refused(told(path, written, shape.faults));
  const faults = checkTogether(shape.file);
  const folder = dirname(resolve(path));
  const forwarding = toForwarding(shape.file, { folder, usualVerify, report: (fault) => faults.push(fault) });
  if (faults.length > 0) throw refused(told(path, written, faults));
  return forwarding;
}

const named = (path: string): string => `${nameOf('destinationsFile')}: the file "${path}"`;

const refused = (sentences: readonly string[]) => configurationError('OPTIONS_INVALID', sentences.join('\n'));

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw configurationError('OPTIONS_INVALID', `${named(path)} cannot be read: ${code}.`, { cause });
  }
}

function told(path: string, written: WrittenFile, faults: readonly Fault[]): string[] {
  return faults.map(({ path: at, part, fault }) => {
    const place = written.placeOf(at, part);
    const subject = at.length === 0 ? 'it' : nameOfPath(at);
    return `${named(path)}, ${place}: ${subject} ${fault}${/[.?]$/.test(fault) ? '' : '.'}`;
  });
}

/** `destinations[0].filter.labels` */
const nameOfPath = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${String(step)}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');

interface Reading {
  readonly folder: string;
  readonly usualVerify: Verification | undefined;
  report(fault: Fault): void;
}

function toForwarding(file: DestinationsFile, reading: Reading): Forwarding {
  const { destinations, profiles = {}, hooks, urgent, retired = [] } = file;
  return {
    destinations: destinations.map((destination, index) =>
      toDestination(destination, ['destinations', index], reading),
    ),
    profiles: new Map(
      Object.entries(profiles).map(([name, profile]) => [
        name,
        toProfile(profile, ['profiles', name], reading),
      ]),
    ),
    hooks: hooks === undefined ? undefined : beside(reading.folder, hooks),
    urgent: urgent === undefined ? undefined : toFilter(urgent),
    retired,
  };
}

function toDestination(destination: FileDestination, path: Path, reading: Reading): Destination {
  const { name, verify, priority, filter, alternate, transcode, profile } = destination;
  return {
    name,
    ...toRoute(destination, path, reading),
    verify: verify ?? reading.usualVerify,
    priority: priorityOf(priority),
    filter: toFilter(filter ?? {}),
    alternate: alternate === undefined ? undefined : toRoute(alternate, [...path, 'alternate'], reading),
    transcode,
    profile,
  };
}

function toRoute(route: FileRoute, path: Path, { folder, report }: Reading): Route {
  const { mode, target, url } = route;
  return {
    mode,
    target: (mode === 'orthanc' ? url : target) ?? '',
    connection: readConnection(route, { path, folder, report }),
  };
}

function toFilter({ studyDescriptionPattern, ...rest }: FileFilter): SeriesFilter {
  return studyDescriptionPattern === undefined
    ? rest
    : { ...rest, studyDescriptionPattern: new RegExp(studyDescriptionPattern) };
}

/** Who tries all keys of this length will not find it (characters). */
const shortestKey = 16;

function toProfile(written: FileProfile, path: Path, { folder, report }: Reading): Profile {
  const { identifiers, keyFile } = written;
  const [kind, body] =
    'anonymize' in written
      ? (['anonymize', written.anonymize] as const)
      : (['modify', written.modify] as const);
  const keyPath = [...path, 'keyFile'];
  const key = readNamed(keyFile, { path: keyPath, folder, report })?.trim();
  if (key !== undefined && key.length < shortestKey)
    report({ path: keyPath, fault: `holds fewer than ${String(shortestKey)} characters` });
  const profile: Profile = { kind, body, identifiers, key };
  for (const { field, fault } of faultsOfProfile(profile)) report({ path: [...path, kind, field], fault });
  return profile;
}
