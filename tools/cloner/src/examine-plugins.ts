import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { type Examined, expected, textIn } from './examine-finding.ts';

const gain = {
  source: 'whole series are read by one request',
  destination: 'many instances are stored by one request',
} as const;

const loss = {
  source: 'each instance is read by a request of its own',
  destination: 'instances are stored singly or as ZIP',
} as const;

/** Plugins whose absence people ask about, and what it costs. */
const others = [
  {
    id: 'gdcm',
    name: 'GDCM plugin',
    cost: 'files travel as they are, but this server may be unable to show or convert JPEG 2000 and JPEG-LS',
  },
  { id: 'transfers', name: 'transfers plugin', cost: 'costs nothing, the mode Default does not use it' },
] as const;

export async function pluginFindings(examined: Examined): Promise<DoctorFinding[]> {
  const { orthanc, find } = examined;
  const plugins = new Set(await orthanc.plugins());
  return [
    await dicomWebFinding(examined, plugins.has('dicom-web')),
    ...others.map(({ id, name, cost }) => find(name, 'ok', plugins.has(id) ? 'there' : `missing: ${cost}`)),
  ];
}

async function dicomWebFinding({ side, orthanc, find }: Examined, isListed: boolean): Promise<DoctorFinding> {
  const check = 'DICOMweb plugin';
  if (!isListed)
    return find(
      check,
      'warning',
      `missing: ${loss[side]}`,
      'The copy works, but slower: enable the DICOMweb plugin.',
    );
  const description = await orthanc.call({ method: 'GET', path: '/plugins/dicom-web' });
  const root = /^(?:\.\.)?\/?(.+?)\/app\//.exec(textIn(description, 'RootUri') ?? '')?.[1] ?? 'dicom-web';
  try {
    await orthanc.call({ method: 'GET', path: `/${root}/servers` });
  } catch (error) {
    const { code, message } = expected(error);
    if (code !== 'ORTHANC_NOT_FOUND')
      return find(check, 'unknown', message, 'Look whether DicomWeb.Enable is true in its configuration.');
    return find(
      check,
      'warning',
      `loaded, but switched off: ${loss[side]}`,
      'The copy works, but slower: set DicomWeb.Enable to true.',
    );
  }
  return find(check, 'ok', `version ${textIn(description, 'Version') ?? 'unknown'}: ${gain[side]}`);
}
