import type { Finding } from '@orthanc-tools/failures';
import type { Check, Examined } from './examine-server.ts';
import { expected, textIn } from './finding.ts';

/** What the DICOMweb plugin gives to the tool, and what its absence means. */
export interface DicomWebMeaning {
  readonly gain: string;
  readonly loss: string;
  /** Begin of the remedy: `The copy works, but slower`. */
  readonly consequence: string;
  /** Default: a warning. */
  readonly verdict?: Finding['verdict'];
}

/** Another plugin whose absence people ask about, and what it costs. */
export interface PluginMeaning {
  readonly id: string;
  readonly name: string;
  readonly cost: string;
  /** What to do where the tool cannot do without it. */
  readonly needed?: string | undefined;
}

export const plugins = (dicomWeb: DicomWebMeaning, others: readonly PluginMeaning[]): Check => ({
  name: 'plugins',
  isNeeded: true,
  async look(examined) {
    const { orthanc, find } = examined;
    const loaded = new Set(await orthanc.plugins());
    return [
      await dicomWebFinding(examined, { ...dicomWeb, isListed: loaded.has('dicom-web') }),
      ...others.map(({ id, name, cost, needed }) =>
        loaded.has(id)
          ? find(name, 'ok', 'there')
          : find(name, needed === undefined ? 'ok' : 'problem', `missing: ${cost}`, needed),
      ),
    ];
  },
});

async function dicomWebFinding(
  { orthanc, find }: Examined,
  { gain, loss, consequence, verdict = 'warning', isListed }: DicomWebMeaning & { isListed: boolean },
): Promise<Finding> {
  const check = 'DICOMweb plugin';
  if (!isListed)
    return find(check, verdict, `missing: ${loss}`, `${consequence}: enable the DICOMweb plugin.`);
  const description = await orthanc.call({ method: 'GET', path: '/plugins/dicom-web' });
  const root = /^(?:\.\.)?\/?(.+?)\/app\//.exec(textIn(description, 'RootUri') ?? '')?.[1] ?? 'dicom-web';
  try {
    await orthanc.call({ method: 'GET', path: `/${root}/servers` });
  } catch (error) {
    const { code, message } = expected(error);
    if (code !== 'ORTHANC_NOT_FOUND')
      return find(check, 'unknown', message, 'Look whether DicomWeb.Enable is true in its configuration.');
    const found = `loaded, but switched off: ${loss}`;
    return find(check, verdict, found, `${consequence}: set DicomWeb.Enable to true.`);
  }
  return find(check, 'ok', `version ${textIn(description, 'Version') ?? 'unknown'}: ${gain}`);
}

export const gdcm: PluginMeaning = {
  id: 'gdcm',
  name: 'GDCM plugin',
  cost: 'files travel as they are, but this server may be unable to show or convert JPEG 2000 and JPEG-LS',
};
