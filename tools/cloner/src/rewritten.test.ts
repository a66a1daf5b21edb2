import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { type DataSet, encodePart10, transferSyntaxes } from '@orthanc-tools/dicom-files';
import type { Lanes } from './lanes.ts';
import { rememberedSet } from './remembered-set.ts';
import { proofOfRewritten } from './rewritten.ts';
import type { StudyMemory } from './study-memory.ts';

const instance = { id: 'i', seriesId: 's', size: 100, md5: 'm' };

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

/** What proves that the destination's file is the source's, where it was noted absent before the sending. */
async function proofOf(there: Uint8Array | Error, wasAbsent = true) {
  const holding = (file: Uint8Array | Error) => ({
    instances: {
      openFile: () => (file instanceof Error ? Promise.reject(file) : Promise.resolve({ body: [file] })),
    },
  });
  const lanes = {
    source: holding(encodePart10(image('DOE', 1))),
    destination: holding(there),
    budget: { spend: (_: number, work: () => unknown) => work() },
  } as unknown as Lanes;
  const memory = memoryOfOne();
  if (wasAbsent) rememberedSet(memory, 'study', 'absent').add([instance]);
  return proofOfRewritten(instance, {
    lanes,
    signal: new AbortController().signal,
    memory,
    study: 'study',
  });
}

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
    ['no file', permanentFailure('ORTHANC_NOT_FOUND', 'not found')],
  ])('is a conflict with %s, although it was sent', async (_, there) => {
    expect(await proofOf(there)).toBeUndefined();
  });

  it('is proved by having been sent where nobody can read it', async () => {
    expect(await proofOf(Uint8Array.of(1, 2, 3))).toBe('id+sent');
  });

  it('is told nothing of while the destination is away', async () => {
    const away = transientFailure('ORTHANC_BUSY', 'busy');
    expect(await proofOf(away)).toBe(away);
  });
});
