import {
  derivedUidLength,
  encapsulate,
  loadDictionary,
  part10Template,
  toDataSet,
  transferSyntaxes,
  uidFromHash,
} from '@orthanc-tools/dicom-files';
import type {
  Part10Template,
  SopInstanceUid,
  TemplatePixelData,
  TemplateSlot,
} from '@orthanc-tools/dicom-files';
import { timeOf } from '../calendar.ts';
import type { VaryingValue } from '../iods/iod.ts';
import { burnIn } from '../pixels/burn-in.ts';
import { noiseSource } from '../pixels/noise.ts';
import type { pictureStacks } from '../pixels/picture-stack.ts';
import { syntheticInstance } from './instance.ts';
import type { SyntheticInstance } from './instance.ts';
import { seriesAttributes } from './series-attributes.ts';
import type { SeriesPlan } from './series-plan.ts';

// Awaited here so that the archive itself can be a plain iterable; whoever wants a quick start imports this library lazily.
const dictionary = await loadDictionary();

export type PictureStacks = ReturnType<typeof pictureStacks>;

const exposureMs = 350;

/** Values that every kind of object changes from instance to instance; the UID comes first. */
const commonVarying = (plan: SeriesPlan): VaryingValue[] => {
  const { request, index } = plan.study;
  const timed = (instance: number): string => timeOf(plan.begin + instance * exposureMs);
  return [
    {
      keyword: 'SOPInstanceUID',
      width: derivedUidLength,
      valueOf: (instance) => uidFromHash(request.seed, 'instance', index, plan.number, instance),
    },
    { keyword: 'InstanceNumber', width: 6, valueOf: (instance) => String(instance + 1) },
    { keyword: 'AcquisitionTime', width: 14, valueOf: timed },
    { keyword: 'ContentTime', width: 14, valueOf: timed },
  ];
};

const slotOf = ({ keyword, width }: VaryingValue): TemplateSlot => {
  const definition = dictionary(keyword);
  if (definition === undefined) throw new TypeError(`${keyword} is not a keyword of the DICOM dictionary`);
  return { tag: definition.tag, vr: definition.vr, width };
};

const templateOf = (plan: SeriesPlan, varying: readonly VaryingValue[]): Part10Template =>
  part10Template({
    dataSet: toDataSet(seriesAttributes(plan), dictionary),
    transferSyntaxUid: plan.transferSyntax.uid,
    slots: varying.map(slotOf),
  });

const captionOf = (plan: SeriesPlan, instance: number): string[] => [
  plan.study.patient.patientId,
  `${plan.study.iod.modality} ${plan.study.date.slice(0, 4)}-${plan.study.date.slice(4, 6)}-${plan.study.date.slice(6)}`,
  `SE ${plan.number} IM ${instance + 1}/${plan.instances}`,
];

const noiseOf = (plan: SeriesPlan, bitsStored: number): ((target: Buffer, instance: number) => void) => {
  const fill = noiseSource({ bytes: plan.rows * plan.columns * 2, bitsStored });
  const start = Number(plan.seriesInstanceUid.slice(-9));
  return (target, instance) => {
    fill(target, start + instance * 7919);
  };
};

/** Draws into a buffer of little-endian pixels of the right size. */
const painterOf = (
  plan: SeriesPlan,
  stacks: PictureStacks,
): ((target: Buffer, instance: number) => void) | undefined => {
  const { image, modality } = plan.study.iod;
  if (image === undefined) return undefined;
  const { rows, columns } = plan;
  const filling = plan.study.request.imageContent ?? 'phantom';
  if (filling === 'flat') return (target) => void target.fill(0);
  const stack = filling === 'phantom' ? stacks(modality, image, plan) : undefined;
  const noise = filling === 'random' ? noiseOf(plan, image.bitsStored) : undefined;
  return (target, instance) => {
    stack?.(instance, plan.instances).copy(target);
    noise?.(target, instance);
    burnIn({ pixels: target, rows, columns, ink: image.ink }, captionOf(plan, instance));
  };
};

type PixelsOf = (instance: number) => TemplatePixelData | undefined;

const pixelsOf = (plan: SeriesPlan, stacks: PictureStacks): PixelsOf => {
  const paint = painterOf(plan, stacks);
  if (paint === undefined) return () => undefined;
  const { rows, columns, transferSyntax, study } = plan;
  const length = rows * columns * 2;
  const { encodeFrame, uid } = transferSyntax;
  if (encodeFrame === undefined) {
    const isBigEndian = uid === transferSyntaxes.explicitBigEndian;
    const fill = (target: Buffer, instance: number): void => {
      paint(target, instance);
      if (isBigEndian) target.swap16();
    };
    return (instance) => ({
      vr: 'OW',
      length,
      fill: (target) => {
        fill(target, instance);
      },
    });
  }
  return (instance) => {
    const frame = Buffer.alloc(length);
    paint(frame, instance);
    const value = encapsulate([
      encodeFrame(frame, { rows, columns, bitsStored: study.iod.image?.bitsStored ?? 16 }),
    ]);
    return {
      vr: 'OB',
      length: value.length,
      fill: (target) => {
        value.copy(target);
      },
    };
  };
};

/** The instances of a series, one at a time: the common part is encoded once and copied. */
export function* synthesizeSeries(
  plan: SeriesPlan,
  stacks: PictureStacks,
): Generator<SyntheticInstance, void, undefined> {
  const varying = [...commonVarying(plan), ...plan.content.varying];
  const template = templateOf(plan, varying);
  const pixels = pixelsOf(plan, stacks);
  const { patient, studyInstanceUid, iod } = plan.study;
  for (let instance = 0; instance < plan.instances; instance += 1) {
    const values = varying.map(({ valueOf }) => valueOf(instance));
    const sopInstanceUid = (values[0] ?? '') as SopInstanceUid;
    yield syntheticInstance({
      bytes: template.stamp(values, pixels(instance)),
      identifiers: {
        patientId: patient.patientId,
        studyInstanceUid,
        seriesInstanceUid: plan.seriesInstanceUid,
        sopInstanceUid,
      },
      sopClassUid: iod.sopClassUid,
      transferSyntaxUid: plan.transferSyntax.uid,
      instanceNumber: instance + 1,
    });
  }
}
