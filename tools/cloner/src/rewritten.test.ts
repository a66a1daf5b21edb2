import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { type DataSet, encodePart10, transferSyntaxes } from '@orthanc-tools/dicom-files';
import { openBudget } from '@orthanc-tools/work-loop';
import type { Lanes } from './lanes.ts';
import { rememberedSet } from './remembered-set.ts';
import { proofOfRewritten, withdrawAbsent } from './rewritten.ts';
import type { StudyMemory } from './study-memory.ts';

/** As large as it is, unless a server tells otherwise. */
const instanceOf = (file: Uint8Array | Error, size?: number) => ({
  id: 'i',
  seriesId: 's',
  size: size ?? (file instanceof Error ? 100 : file.length),
  md5: 'm',
});

const image = (name: string, pixel: number): DataSet => [
  { tag: 0x00080018, vr: 'UI', text: ['2.25.1'] },
  { tag: 0x00100010, vr: 'PN', text: [name] },
  { tag: 0x7fe00010, vr: 'OW', bytes: Uint8Array.of(pixel, 0) },
];
const compressed = (name: string): Uint8Array =>
  encodePart10(
    [...image(name, 1).slice(0, 2), { tag: 0x7fe00010, vr: 'OB', fragments: [Uint8Array.of(9, 9)] }],
    transferSyntaxes.rleLossless,
  );

function memoryOfOne(): StudyMemory {
  const notes = new Map<string, string>();
  return {
    remember: (_, parts) => {
      for (const { part, note } of parts) notes.set(part, note);
    },
    remembered: () => [...notes].map(([part, note]) => ({ part, note })),
    forget: () => undefined,
    flush: () => undefined,
  } as StudyMemory;
}

interface Destination {
  readonly there: Uint8Array | Error;
  readonly wasAbsent?: boolean;
  /** Bytes of the file, by the destination's word. */
  readonly told?: number;
  readonly md5?: string;
  readonly memory?: StudyMemory;
}

const ours = encodePart10(image('DOE', 1));

/** What proves that the destination's file is the source's, where it was noted absent before the sending. */
async function proofIn({ there, wasAbsent = true, told, md5 = 'm', memory = memoryOfOne() }: Destination) {
  const reads: string[] = [];
  const holding = (file: Uint8Array | Error, name: string) => ({
    url: name,
    instances: {
      openFile: () => {
        reads.push(name);
        return file instanceof Error
          ? Promise.reject(file)
          : Promise.resolve({ body: [Buffer.from(file.subarray(0, 100)), Buffer.from(file.subarray(100))] });
      },
    },
  });
  const lanes = {
    source: holding(ours, 'source'),
    destination: holding(there, 'destination'),
    budget: openBudget(1000),
  } as unknown as Lanes;
  const here = instanceOf(ours);
  if (wasAbsent) rememberedSet(memory, 'study', 'absent').add([here]);
  const both = { here, there: { ...instanceOf(there, told), md5 } };
  const signal = new AbortController().signal;
  return { proof: await proofOfRewritten(both, { lanes, signal, memory, study: 'study' }), reads };
}

const proofOf = async (there: Uint8Array | Error, wasAbsent = true) =>
  (await proofIn({ there, wasAbsent })).proof;

describe('a file that was written anew on the way', () => {
  it('is proved where it says the same, whoever brought it', async () => {
    const there = encodePart10(image('DOE ', 1), transferSyntaxes.implicitLittleEndian);
    expect(await proofOf(there, false)).toBe('image');
  });

  it('is proved by having been sent where only its image was compressed otherwise', async () => {
    expect(await proofOf(compressed('DOE'))).toBe('id+sent');
    expect(await proofOf(compressed('DOE'), false)).toBeUndefined();
  });

  it.each([
    ['another name', encodePart10(image('ROE', 1))],
    ['another pixel', encodePart10(image('DOE', 2))],
    ['another name and another compression', compressed('ROE')],
    ['a file that may not be read', permanentFailure('ORTHANC_REFUSED', 'refused')],
  ])('is a conflict with %s, although it was sent', async (_, there) => {
    expect(await proofOf(there)).toBeUndefined();
  });

  it.each([
    ['is no DICOM', Uint8Array.of(1, 2, 3)],
    ['ends in the midst of its image', ours.subarray(0, -2)],
  ])('is a conflict where it %s, although it was sent', async (_, there) => {
    expect(await proofOf(there)).toBeUndefined();
  });

  it.each([
    ['less', 5],
    ['more', -5],
  ])('is told nothing of where %s came of it than there is', async (_, difference) => {
    const { proof } = await proofIn({ there: ours, told: ours.length + difference });
    expect(proof).toMatchObject({ kind: 'transient', code: 'FILE_OF_ANOTHER_SIZE' });
  });

  it('is proved by having been sent where it is too large to be read, and is not read then', async () => {
    const large = { there: compressed('DOE'), told: 64 * 1024 ** 2 + 1 };
    expect(await proofIn(large)).toEqual({ proof: 'id+sent', reads: [] });
    expect(await proofIn({ ...large, wasAbsent: false })).toEqual({ proof: undefined, reads: [] });
  });

  it.each([
    ['while the destination is away', transientFailure('ORTHANC_BUSY', 'busy')],
    ['once it is not found any more', permanentFailure('ORTHANC_NOT_FOUND', 'not found')],
  ])('is told nothing of %s', async (_, failure) => {
    expect(await proofOf(failure)).toBe(failure);
  });

  describe('once its sending is concluded', () => {
    const here = instanceOf(ours);
    const there = { ...instanceOf(compressed('DOE')), md5: 'by that sending' };

    it('is proved by the file that came of it, and by no other', async () => {
      const memory = memoryOfOne();
      rememberedSet(memory, 'study', 'absent').add([here]);
      withdrawAbsent({ memory, study: 'study' }, [here], [{ here, there }]);
      const proofWith = async (md5: string) =>
        (await proofIn({ there: compressed('DOE'), wasAbsent: false, memory, md5 })).proof;
      expect(await proofWith('by that sending')).toBe('id+sent');
      expect(await proofWith('by somebody else')).toBeUndefined();
    });

    it('is proved by none where it was not proved by that', async () => {
      const memory = memoryOfOne();
      rememberedSet(memory, 'study', 'absent').add([here]);
      withdrawAbsent({ memory, study: 'study' }, [here], []);
      const { proof } = await proofIn({ there: compressed('DOE'), wasAbsent: false, memory });
      expect(proof).toBeUndefined();
    });
  });
});
