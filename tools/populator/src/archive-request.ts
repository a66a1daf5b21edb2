import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type * as dicomSynthesis from '@orthanc-tools/dicom-synthesis';
import type { ArchiveRequest, Script, TransferSyntaxName } from '@orthanc-tools/dicom-synthesis';
import type { PopulatorOptions } from './options.ts';

type Synthesis = typeof dicomSynthesis;

/** Each word as the catalogue writes it. @throws `OPTIONS_INVALID` for a word that is not in it */
function chosen<Word extends string>(
  key: keyof PopulatorOptions,
  words: readonly string[],
  catalogue: readonly Word[],
): Word[] {
  return words.map((word) => {
    const found = catalogue.find((known) => known.toLowerCase() === word.toLowerCase());
    if (found !== undefined) return found;
    const message = `${nameOf(key)} must be of ${catalogue.join(', ')}, not "${word}".`;
    throw configurationError('OPTIONS_INVALID', message);
  });
}

/** Objects that people call otherwise than Modality (0008,0060) does. */
const inDicomsWords: Readonly<Record<string, string>> = { SC: 'OT', PDF: 'DOC' };

/** As in the Python tool: many images make cross sections, one makes projections. */
function modalitiesOf(options: PopulatorOptions, { syntheticModalities }: Synthesis): readonly string[] {
  const names = syntheticModalities.map(({ modality }) => modality);
  if (options.modality !== undefined)
    return chosen(
      'modality',
      options.modality.map((word) => inDicomsWords[word.toUpperCase()] ?? word),
      names,
    );
  const { instances } = options;
  if (instances === undefined) return names;
  const fitting = syntheticModalities.filter(({ kind }) =>
    instances > 1 ? kind === 'slices' : kind === 'projection',
  );
  return fitting.map(({ modality }) => modality);
}

function transferSyntaxesOf({ transferSyntaxes }: PopulatorOptions, all: readonly TransferSyntaxName[]) {
  const isAll = transferSyntaxes.some((word) => word.toLowerCase() === 'all');
  return isAll ? all : chosen('transferSyntaxes', transferSyntaxes, all);
}

/** A value of 2^32 - 1 bytes cannot be told from one without length (PS3.5 7.1). */
const longestValue = 2 ** 32 - 2;

/** @throws `OPTIONS_INVALID` */
function refuseTooLarge(
  { imageWidth, imageHeight }: PopulatorOptions,
  modalities: readonly string[],
  { syntheticModalities }: Synthesis,
): void {
  const bytesOf = (bytesPerPixel: number): number => imageWidth * imageHeight * bytesPerPixel;
  const tooLarge = syntheticModalities.find(
    ({ modality, bytesPerPixel }) => modalities.includes(modality) && bytesOf(bytesPerPixel) > longestValue,
  );
  if (tooLarge === undefined) return;
  const bytes = bytesOf(tooLarge.bytesPerPixel);
  const message = `${nameOf('imageWidth')} and ${nameOf('imageHeight')} make ${tooLarge.modality} images of up to ${String(bytes)} bytes, and no value in DICOM may have more than ${String(longestValue)}.`;
  throw configurationError('OPTIONS_INVALID', message);
}

const fillings = { Flat: 'flat', Random: 'random', Phantom: 'phantom' } as const;

/** What is to be made, from the options. */
export async function archiveRequest(
  options: PopulatorOptions,
  synthesis: Synthesis,
): Promise<ArchiveRequest> {
  const { series, instances } = options;
  const names = transferSyntaxesOf(options, synthesis.transferSyntaxNames);
  const scripts: Script[] | undefined =
    options.scripts && chosen('scripts', options.scripts, synthesis.scriptNames);
  const modalities = modalitiesOf(options, synthesis);
  refuseTooLarge(options, modalities, synthesis);
  return {
    seed: options.seed,
    studies: options.studies,
    modalities,
    imageSize: { rows: options.imageHeight, columns: options.imageWidth },
    imageContent: fillings[options.imageContentType],
    studyDates: { from: options.fromStudyDate, to: options.toStudyDate },
    transferSyntaxes: await Promise.all(names.map(synthesis.openTransferSyntax)),
    ...(series === undefined ? {} : { seriesPerStudy: series }),
    ...(instances === undefined ? {} : { instancesPerSeries: instances }),
    ...(scripts === undefined ? {} : { scripts }),
  };
}
