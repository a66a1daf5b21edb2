import { dirname, resolve } from 'node:path';
import { type Fault, type Path, openSettingsFile } from '@orthanc-tools/settings-file';
import type { Destination, Forwarding, Profile, Route, SeriesFilter, Verification } from '../destination.ts';
import { priorityOf } from '../priority.ts';
import { checkTogether } from './check-together.ts';
import {
  type DestinationsFile,
  type FileDestination,
  type FileFilter,
  type FileProfile,
  type FileRoute,
  fileShape,
} from './file-shape.ts';
import { faultsOfProfile } from '../processing/read-order.ts';
import { beside, readConnection, readNamed } from './read-connection.ts';

/**
 * Reads the destinations file, the files that it names for secrets and certificates too.
 * @param usualVerify for destinations that say nothing of it
 * @throws configuration `OPTIONS_INVALID` that tells every fault with line and column, and repeats no secret
 */
export function readDestinationsFile(path: string, usualVerify: Verification | undefined): Forwarding {
  const file = openSettingsFile(path, { option: 'destinationsFile', shape: fileShape });
  const faults = checkTogether(file.content);
  const folder = dirname(resolve(path));
  const forwarding = toForwarding(file.content, {
    folder,
    usualVerify,
    report: (fault) => faults.push(fault),
  });
  file.refuse(faults);
  return forwarding;
}

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
