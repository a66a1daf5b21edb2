import type { Fault } from '@orthanc-tools/settings-file';
import { faultOfTransferSyntax } from '../processing/transfer-syntax.ts';
import type { DestinationsFile, FileDestination, FileRoute } from './file-shape.ts';

/** What is wrong between things that are each right by themselves. Pure. */
export function checkTogether({ destinations, profiles = {}, retired = [] }: DestinationsFile): Fault[] {
  const names = destinations.map(({ name }) => name.toLowerCase());
  const notRetired = retired.flatMap((name, index): Fault[] =>
    names.includes(name.toLowerCase())
      ? [{ path: ['retired', index], fault: `"${name}" is among the destinations` }]
      : [],
  );
  const ofEach = destinations.flatMap((destination, index) => {
    const { name, alternate, profile, transcode } = destination;
    const path = ['destinations', index];
    const faults: Fault[] = [...checkRoute(destination, path)];
    // Files of ledgers carry the names, and not every disk tells capitals apart.
    if (names.indexOf(name.toLowerCase()) < index)
      faults.push({ path: [...path, 'name'], fault: `"${name}" is the name of another destination already` });
    if (reserved.includes(name.toLowerCase()))
      faults.push({ path: [...path, 'name'], fault: `"${name}" means a part of the forwarder itself` });
    if (profile !== undefined && !Object.hasOwn(profiles, profile))
      faults.push({
        path: [...path, 'profile'],
        fault: `"${profile}" is not among the profiles of this file`,
      });
    const fault = transcode === undefined ? undefined : faultOfTransferSyntax(transcode);
    if (fault !== undefined) faults.push({ path: [...path, 'transcode'], fault });
    if (profile !== undefined || transcode !== undefined) faults.push(...checkProcessed(destination, path));
    if (alternate !== undefined) {
      faults.push(...checkRoute(alternate, [...path, 'alternate']));
      if (wayOf(alternate) === wayOf(destination))
        faults.push({ path: [...path, 'alternate'], fault: 'leads where the first way leads' });
    }
    return faults;
  });
  return [...ofEach, ...notRetired];
}

/** What is changed on the way is nowhere stored, and the accelerator sends only what is. */
function checkProcessed({ mode, alternate }: FileDestination, path: Fault['path']): Fault[] {
  const fault = 'sends only what is stored: with profile or transcode, take peering';
  return [
    ...(mode === 'transfer' ? [{ path: [...path, 'mode'], fault }] : []),
    ...(alternate?.mode === 'transfer' ? [{ path: [...path, 'alternate', 'mode'], fault }] : []),
  ];
}

/** Stages that `status` and the log name beside the destinations. */
const reserved = ['inbox', 'gate', 'deletion'];

const wayOf = ({ mode, target, url }: FileRoute): string => JSON.stringify([mode, target, url]);

type Key = Extract<keyof FileRoute, string>;

/** One key without another that it needs, or beside one that it excludes. */
const needs: readonly (readonly [Key, readonly Key[]])[] = [
  ['user', ['pwd', 'pwdFile']],
  ['pwd', ['user']],
  ['pwdFile', ['user']],
  ['clientCert', ['clientKey']],
  ['clientKey', ['clientCert']],
  ['clientKeyPassphrase', ['clientKey']],
  ['clientKeyPassphraseFile', ['clientKey']],
];
const excludes: readonly (readonly [Key, Key])[] = [
  ['pwd', 'pwdFile'],
  ['apiKey', 'apiKeyFile'],
  ['clientKeyPassphrase', 'clientKeyPassphraseFile'],
  ['insecure', 'ca'],
];

function checkRoute(route: FileRoute, path: Fault['path']): Fault[] {
  const isGiven = (key: Key) => route[key] !== undefined && route[key] !== false;
  const faults: Fault[] = [];
  const report = (key: Key, fault: string) => faults.push({ path: [...path, key], fault });
  if (route.mode === 'orthanc' && !isGiven('url')) report('url', 'is required by the mode orthanc');
  if (route.mode !== 'orthanc' && !isGiven('target'))
    report('target', `is required by the mode ${route.mode}`);
  for (const [key, others] of needs)
    if (isGiven(key) && !others.some(isGiven)) report(key, `has no effect without ${others.join(' or ')}`);
  for (const [key, other] of excludes)
    if (isGiven(key) && isGiven(other)) report(other, `cannot be given together with ${key}`);
  for (const key of Object.keys(route) as Key[])
    if (isGiven(key) && !notOfConnection.has(key) && !isGiven('url'))
      report(key, 'has no effect without url');
  return faults;
}

/** Everything else that a route may say is about its `url`. */
const notOfConnection: ReadonlySet<string> = new Set([
  'mode',
  'target',
  'url',
  'name',
  'verify',
  'priority',
  'filter',
  'alternate',
  'transcode',
  'profile',
]);
