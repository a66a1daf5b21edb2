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
  Allocate,
  Part10Template,
  SopInstanceUid,
  TemplatePixelData,
  TemplateSlot,
} from '@orthanc-tools/dicom-files';
import { timeOf } from '../calendar.ts';
import type { ImageContent, VaryingValue } from '../iods/iod.ts';
import { burnIn } from '../pixels/burn-in.ts';
import { bytesPerPixel } from '../pixels/transfer-syntax-writers.ts';
import { noiseSource } from '../pixels/noise.ts';
import type { pictureStacks } from '../pixels/picture-stack.ts';
import { syntheticInstance } from './instance.ts';
import type { SyntheticInstance } from './instance.ts';
import { seriesAttributes } from './series-attributes.ts';
import type { SeriesPlan } from './series-plan.ts';

// Awaited here so that the archive itself can be a plain iterable; whoever wants a quick start imports this library lazily.
const dictionary = await loadDictionary();

type PictureStacks = ReturnType<typeof pictureStacks>;

/** What the series of an archive share. */
export interface Workshop {
  readonly stacks: PictureStacks;
  /** Memory for the next file; that of the heap unless given. */
  readonly allocate?: Allocate | undefined;
}

/** Which picture of the series. */
interface Place {
  readonly instance: number;
  readonly frame: number;
}

/** Values that every kind of object changes from instance to instance; the UID comes first. */
const commonVarying = (plan: SeriesPlan): VaryingValue[] => {
  const { request, index, iod } = plan.study;
  const timed = (instance: number): string => timeOf(plan.begin + instance * plan.exposureMs);
  const times = iod.image === undefined ? ['ContentTime'] : ['AcquisitionTime', 'ContentTime'];
  return [
    {
      keyword: 'SOPInstanceUID',
      width: derivedUidLength,
      valueOf: (instance) => uidFromHash(request.seed, 'instance', index, plan.number, instance),
    },
    {
      keyword: 'InstanceNumber',
      width: Math.max(6, String(plan.instances).length),
      valueOf: (instance) => String(instance + 1),
    },
    ...times.map((keyword) => ({ keyword, width: 14, valueOf: timed })),
  ];
};

const slotOf = ({ keyword, width }: VaryingValue): TemplateSlot => {
  const definition = dictionary(keyword);
  if (definition === undefined) throw new TypeError(`${keyword} is not a keyword of the DICOM dictionary`);
  return { tag: definition.tag, vr: definition.vr, width };
};

const templateOf = (plan: SeriesPlan, slots: readonly TemplateSlot[]): Part10Template =>
  part10Template({
    dataSet: toDataSet(seriesAttributes(plan), dictionary),
    transferSyntaxUid: plan.transferSyntax.uid,
    slots,
  });

const captionOf = (plan: SeriesPlan, { instance, frame }: Place): string[] => [
  plan.study.patient.patientId,
  `${plan.study.iod.modality} ${plan.study.date.slice(0, 4)}-${plan.study.date.slice(4, 6)}-${plan.study.date.slice(6)}`,
  `SE ${plan.number} IM ${instance + 1}/${plan.instances}`,
  ...(plan.frames > 1 ? [`FR ${frame + 1}/${plan.frames}`] : []),
];

const noiseOf = (plan: SeriesPlan, bitsStored: number): ((target: Buffer, instance: number) => void) => {
  const fill = noiseSource({ bytes: plan.rows * plan.columns * 2, bitsStored });
  const start = Number(plan.seriesInstanceUid.slice(-9));
  return (target, instance) => {
    fill(target, start + instance * 7919);
  };
};

/** Draws into a buffer of little-endian 16-bit pixels of the right size. */
type Paint = (target: Buffer, place: Place) => void;

const painterOf = (plan: SeriesPlan, image: ImageContent, stacks: PictureStacks): Paint => {
  const { rows, columns, frames } = plan;
  const filling = plan.study.request.imageContent ?? 'phantom';
  if (filling === 'flat') return (target) => void target.fill(0);
  const stack = filling === 'phantom' ? stacks(plan.study.iod.modality, image, plan) : undefined;
  const noise = filling === 'random' ? noiseOf(plan, image.bitsStored) : undefined;
  return (target, place) => {
    if (frames > 1) stack?.(place.frame, frames).copy(target);
    else stack?.(place.instance, plan.instances).copy(target);
    noise?.(target, place.instance * frames + place.frame);
    burnIn({ pixels: target, rows, columns, ink: image.ink }, captionOf(plan, place));
  };
};

/** Draws pixels of as many bytes as are stored. */
const narrowed = (paint: Paint, pixels: number): Paint => {
  const wide = Buffer.alloc(pixels * 2);
  return (target, place) => {
    paint(wide, place);
    for (let at = 0; at < pixels; at += 1) target[at] = wide[at * 2] ?? 0;
  };
};

type PixelsOf = (instance: number) => TemplatePixelData | undefined;

const pixelsOf = (plan: SeriesPlan, stacks: PictureStacks): PixelsOf => {
  const { image } = plan.study.iod;
  if (image === undefined) return () => undefined;
  const { rows, columns, frames, transferSyntax } = plan;
  const width = bytesPerPixel(image.bitsStored);
  const wide = painterOf(plan, image, stacks);
  const paint = width === 1 ? narrowed(wide, rows * columns) : wide;
  const frameLength = rows * columns * width;
  const { encodeFrame, uid } = transferSyntax;
  const places = (instance: number): Place[] =>
    Array.from({ length: frames }, (_, frame) => ({ instance, frame }));
  if (encodeFrame === undefined) {
    const isSwapped = uid === transferSyntaxes.explicitBigEndian && width === 2;
    const length = frameLength * frames;
    return (instance) => ({
      vr: width === 1 ? 'OB' : 'OW',
      length: length + (length % 2),
      fill: (target) => {
        for (const place of places(instance))
          paint(target.subarray(place.frame * frameLength, (place.frame + 1) * frameLength), place);
        if (length % 2 === 1) target[length] = 0;
        if (isSwapped) target.swap16();
      },
    });
  }
  return (instance) => {
    const encoded = places(instance).map((place) => {
      const frame = Buffer.alloc(frameLength);
      paint(frame, place);
      return encodeFrame(frame, { rows, columns, bitsStored: image.bitsStored });
    });
    const value = encapsulate(encoded);
    return {
      vr: 'OB',
      length: value.length,
      fill: (target) => {
        value.copy(target);
      },
    };
  };
};

/** Numbers of two bytes stand among the texts of a template as two characters. */
const asStored = (slot: TemplateSlot, value: string, transferSyntaxUid: string): string => {
  if (slot.vr !== 'US') return value;
  const [low, high] = [Number(value) & 0xff, Number(value) >> 8];
  return transferSyntaxUid === transferSyntaxes.explicitBigEndian
    ? String.fromCharCode(high, low)
    : String.fromCharCode(low, high);
};

/** The instances of a series, one at a time: the common part is encoded once and copied. */
export function* synthesizeSeries(
  plan: SeriesPlan,
  { stacks, allocate }: Workshop,
): Generator<SyntheticInstance, void, undefined> {
  const varying = [...commonVarying(plan), ...plan.content.varying];
  const slots = varying.map(slotOf);
  const template = templateOf(plan, slots);
  const pixels = pixelsOf(plan, stacks);
  const { patient, studyInstanceUid, iod } = plan.study;
  for (let instance = 0; instance < plan.instances; instance += 1) {
    const values = varying.map(({ valueOf }, at) => {
      const slot = slots[at];
      return slot === undefined ? '' : asStored(slot, valueOf(instance), plan.transferSyntax.uid);
    });
    const sopInstanceUid = (values[0] ?? '') as SopInstanceUid;
    yield syntheticInstance({
      bytes: template.stamp(values, pixels(instance), allocate),
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
