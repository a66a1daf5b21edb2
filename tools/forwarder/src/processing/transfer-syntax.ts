interface TransferSyntax {
  readonly isEncapsulated: boolean;
  /** Name of the plugin of Orthanc that it takes. */
  readonly plugin?: 'gdcm';
}

const native: TransferSyntax = { isEncapsulated: false };
const encapsulated: TransferSyntax = { isEncapsulated: true };
const byGdcm: TransferSyntax = { isEncapsulated: true, plugin: 'gdcm' };

/** Those that Orthanc 1.13 can write without a loss (tried with each). */
const known: Readonly<Record<string, TransferSyntax>> = {
  '1.2.840.10008.1.2': native,
  '1.2.840.10008.1.2.1': native,
  '1.2.840.10008.1.2.1.99': native,
  '1.2.840.10008.1.2.2': native,
  '1.2.840.10008.1.2.4.57': encapsulated,
  '1.2.840.10008.1.2.4.70': encapsulated,
  '1.2.840.10008.1.2.4.90': byGdcm,
  '1.2.840.10008.1.2.5': byGdcm,
};

/** Orthanc 1.13.0, as Debian packages it, ends when it is told to write it; whoever receives nothing for that is worse off. */
const jpegLsLossless = '1.2.840.10008.1.2.4.80';

const lossy: ReadonlySet<string> = new Set(
  ['50', '51', '53', '55', '81', '91', '93', '203'].map((end) => `1.2.840.10008.1.2.4.${end}`),
);

/** Pixel data comes in fragments: what has none cannot be in it. */
export const isEncapsulated = (uid: string): boolean => known[uid]?.isEncapsulated ?? true;

/** Why Orthanc cannot bring instances into it; continues a sentence that begins with the setting. */
export function faultOfTransferSyntax(uid: string): string | undefined {
  if (uid in known) return undefined;
  if (uid === jpegLsLossless)
    return 'is JPEG-LS, on which some builds of Orthanc crash: take JPEG 2000 (1.2.840.10008.1.2.4.90)';
  return lossy.has(uid)
    ? 'loses a part of the image, and Orthanc gives the result a random SOP Instance UID: only lossless transfer syntaxes can be sent on and proved'
    : `is no transfer syntax that Orthanc can write without a loss (it can: ${Object.keys(known).join(', ')})`;
}

/** The plugin that Orthanc needs for it and does not have. */
export function missingPlugin(uid: string, plugins: readonly string[]): string | undefined {
  const plugin = known[uid]?.plugin;
  return plugin === undefined || plugins.includes(plugin) ? undefined : plugin;
}
