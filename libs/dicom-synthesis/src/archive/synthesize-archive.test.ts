import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isValidUid, loadKeywords, readAttributes, readIdentifiers } from '@orthanc-tools/dicom-files';
import { ageAt } from '../calendar.ts';
import { syntheticModalities } from '../iods/catalogue.ts';
import {
  explicitLittleEndian,
  openTransferSyntax,
  transferSyntaxNames,
} from '../pixels/transfer-syntax-writers.ts';
import type { SyntheticInstance } from './instance.ts';
import type { ArchiveRequest } from './request.ts';
import { synthesizeArchive } from './synthesize-archive.ts';
import type { SyntheticStudy } from './synthesize-archive.ts';

const keywordOf = await loadKeywords();
const small = { seriesPerStudy: 2, instancesPerSeries: 2, imageSize: 16 };

const instancesOf = (request: ArchiveRequest): SyntheticInstance[] =>
  [...synthesizeArchive(request)].flatMap((study) => [...study.instances()]);

const digest = (request: ArchiveRequest): string => {
  const hash = createHash('sha256');
  for (const { bytes } of instancesOf(request)) hash.update(bytes);
  return hash.digest('hex');
};

describe('synthesizeArchive', () => {
  it('gives each study the same bytes however the archive is shared out', () => {
    const whole = instancesOf({ seed: 'shares', studies: 20, ...small }).map(({ bytes }) => bytes);
    const shares = [7, 0, 13].map((firstStudy) =>
      instancesOf({
        seed: 'shares',
        firstStudy,
        studies: firstStudy === 0 ? 7 : firstStudy === 7 ? 6 : 7,
        ...small,
      }),
    );
    const [middle = [], first = [], last = []] = shares;
    expect([...first, ...middle, ...last].map(({ bytes }) => bytes)).toEqual(whole);
  });

  it('shares no identifier with the archive of another seed', () => {
    const uidsOf = (seed: number) =>
      instancesOf({ seed, studies: 20, ...small }).flatMap(({ identifiers }) => Object.values(identifiers));
    const first = new Set(uidsOf(1));
    expect(uidsOf(2).filter((uid) => first.has(uid))).toEqual([]);
    const numbersOf = (seed: number) =>
      instancesOf({ seed, studies: 20, ...small }).flatMap(({ bytes }) => {
        const { AccessionNumber, StudyID } = readAttributes(bytes, keywordOf);
        return [String(AccessionNumber), String(StudyID)];
      });
    const numbers = new Set(numbersOf(1));
    expect(numbers.size).toBe(40);
    expect([...numbers].every((number) => number.length <= 16)).toBe(true);
    expect(numbersOf(2).filter((number) => numbers.has(number))).toEqual([]);
  });

  it('tells of each instance what its file says, with valid and unique UIDs', () => {
    const instances = instancesOf({ seed: 3, studies: 15, ...small });
    for (const { bytes, identifiers, sopClassUid, transferSyntaxUid } of instances)
      expect(readIdentifiers(bytes)).toEqual({ ...identifiers, sopClassUid, transferSyntaxUid });
    const uids = instances.map(({ identifiers }) => identifiers.sopInstanceUid);
    expect(new Set(uids).size).toBe(instances.length);
    expect(uids.every(isValidUid)).toBe(true);
  });

  it('gives patients several studies, and studies a plausible moment of their lives', () => {
    const studies = [...synthesizeArchive({ seed: 4, studies: 300, ...small })];
    const patients = new Map(studies.map(({ patient }) => [patient.patientId, patient]));
    expect(patients.size).toBeGreaterThan(100);
    expect(patients.size).toBeLessThan(250);
    for (const { patient, date } of studies) {
      expect(patient).toEqual(patients.get(patient.patientId));
      expect(patient.birthDate <= date).toBe(true);
      expect(ageAt(patient.birthDate, date)).toMatch(/^\d{3}[DMY]$/);
    }
  });

  it.each([
    ['20000101', '20241231'],
    ['18900101', '20241231'],
  ])('has patients of every age from birth to 100 years at any time from %s to %s', (from, to) => {
    const all = { modalities: syntheticModalities.map(({ modality }) => modality), ...small };
    const studies = [...synthesizeArchive({ seed: 4, studies: 3000, studyDates: { from, to }, ...all })];
    const yearsOf = ({ patient, date }: SyntheticStudy): number => {
      const age = ageAt(patient.birthDate, date);
      return age.endsWith('Y') ? Number(age.slice(0, -1)) : 0;
    };
    for (const study of studies) {
      expect(study.patient.birthDate <= study.date).toBe(true);
      expect(yearsOf(study)).toBeLessThanOrEqual(100);
    }
    const late = studies.filter(({ date }) => date >= '2015');
    expect(late.some((study) => yearsOf(study) < 16)).toBe(true);
    expect(late.some((study) => yearsOf(study) > 85)).toBe(true);
    const mammographies = studies.filter(({ series }) => series[0]?.modality === 'MG');
    expect(mammographies.length).toBeGreaterThan(50);
    for (const study of mammographies) {
      expect(study.patient.sex).toBe('F');
      expect(yearsOf(study)).toBeGreaterThanOrEqual(40);
    }
  });

  it('keeps to what is asked for', () => {
    const request = {
      seed: 5,
      studies: 6,
      modalities: ['MR'],
      scripts: ['greek'],
      imageSize: { rows: 4, columns: 8 },
    } as const;
    const dates = { from: '20240228', to: '20240301' };
    const studies = [
      ...synthesizeArchive({
        ...request,
        seriesPerStudy: { from: 2, to: 3 },
        instancesPerSeries: 5,
        studyDates: dates,
      }),
    ];
    for (const study of studies) {
      expect(
        study.series.every(({ modality, instanceCount }) => modality === 'MR' && instanceCount === 5),
      ).toBe(true);
      expect(study.series.length === 2 || study.series.length === 3).toBe(true);
      expect(study.patient.names.script).toBe('greek');
      expect(['20240228', '20240229', '20240301']).toContain(study.date);
      expect([...study.instances()]).toHaveLength(study.instanceCount);
    }
  });

  it('makes one instance at a time, so that a series may be larger than memory', () => {
    const [study] = synthesizeArchive({
      seed: 6,
      studies: 1,
      seriesPerStudy: 1,
      instancesPerSeries: 100_000_000,
      imageSize: 512,
    });
    const first = study?.instances()[Symbol.iterator]().next();
    expect(first?.done).toBe(false);
  });

  it('numbers and places as many slices as are asked for', () => {
    const [study] = synthesizeArchive({
      seed: 6,
      studies: 1,
      modalities: ['CT'],
      seriesPerStudy: 1,
      instancesPerSeries: 60_000,
      imageSize: 2,
    });
    let last: SyntheticInstance | undefined;
    for (const instance of study?.instances() ?? []) last = instance;
    expect(last?.instanceNumber).toBe(60_000);
    const bytes = last?.bytes ?? Buffer.alloc(0);
    const sliceLocation = bytes.indexOf(Buffer.from([0x20, 0, 0x41, 0x10])) + 8;
    const z = bytes.toString('latin1', sliceLocation, sliceLocation + bytes.readUInt16LE(sliceLocation - 2));
    expect(Number(z)).toBeGreaterThan(60_000);
    expect(bytes.toString('latin1')).toContain(`\\${z}`);
  });

  it('draws something else into each instance', () => {
    const hashes = instancesOf({
      seed: 7,
      studies: 1,
      seriesPerStudy: 1,
      instancesPerSeries: 40,
      imageSize: 128,
    }).map(({ bytes }) =>
      createHash('md5')
        .update(bytes.subarray(-128 * 128 * 2))
        .digest('hex'),
    );
    expect(new Set(hashes).size).toBe(40);
  });

  it('refuses a modality that it cannot make', () => {
    expect(() => [...synthesizeArchive({ seed: 8, studies: 1, modalities: ['XX'] })]).toThrow('XX');
  });
});

it('names the hashes of the very bytes', () => {
  const [instance] = instancesOf({ seed: 9, studies: 1, ...small, transferSyntaxes: [explicitLittleEndian] });
  expect(instance?.md5()).toBe(
    createHash('md5')
      .update(instance?.bytes ?? '')
      .digest('hex'),
  );
  expect(instance?.sha256()).toBe(
    createHash('sha256')
      .update(instance?.bytes ?? '')
      .digest('hex'),
  );
});

describe('the content of the images', () => {
  const pixelsOf = (imageContent: 'flat' | 'random', imageSize: number): Buffer[] =>
    instancesOf({
      seed: 10,
      studies: 1,
      seriesPerStudy: 1,
      instancesPerSeries: 3,
      imageSize,
      imageContent,
    }).map(({ bytes }) => bytes.subarray(-imageSize * imageSize * 2));

  it('is nothing where it is to be flat', () => {
    expect(pixelsOf('flat', 64).every((pixels) => pixels.equals(Buffer.alloc(64 * 64 * 2)))).toBe(true);
  });

  it('is noise within the bits that are stored, another one in each instance, where it is to be random', () => {
    const [first, second] = pixelsOf('random', 64);
    expect(first?.equals(second ?? Buffer.alloc(0))).toBe(false);
    expect(pixelsOf('random', 64)[0]).toEqual(first);
    const values = new Uint16Array(Uint8Array.from(first ?? []).buffer);
    expect(Math.max(...values)).toBeLessThan(4096);
    expect(new Set(values).size).toBeGreaterThan(2000);
  });
});

describe('every kind of object', () => {
  const modalities = syntheticModalities.map(({ modality }) => modality);

  it.each(modalities)('is made: %s', (modality) => {
    const instances = instancesOf({ seed: 11, studies: 4, modalities: [modality], imageSize: 16 });
    for (const { bytes, identifiers, sopClassUid, transferSyntaxUid } of instances)
      expect(readIdentifiers(bytes)).toEqual({ ...identifiers, sopClassUid, transferSyntaxUid });
  });

  it('has its usual number of series and images unless told otherwise', () => {
    const countsOf = (modality: string) =>
      [...synthesizeArchive({ seed: 12, studies: 6, modalities: [modality], imageSize: 2 })].flatMap(
        ({ series }) => series.map(({ instanceCount }) => instanceCount),
      );
    expect(new Set(countsOf('DX'))).toEqual(new Set([1]));
    expect(countsOf('MG')).toHaveLength(24);
    expect(Math.min(...countsOf('PT'))).toBeGreaterThan(59);
  });

  it('is the same in every run, in each transfer syntax, with an odd number of pixels too', async () => {
    for (const name of transferSyntaxNames) {
      const transferSyntaxes = [await openTransferSyntax(name)];
      const imageSize = { rows: 9, columns: 7 };
      const request = { seed: 13, studies: 30, ...small, modalities, imageSize, transferSyntaxes };
      expect(digest(request)).toBe(digest(request));
      for (const { bytes } of instancesOf(request)) expect(bytes.length % 2).toBe(0);
    }
  });

  it.each(['CR', 'DX'])('shows the same view again in the series of a second round: %s', (modality) => {
    const request = { seed: 16, studies: 8, modalities: [modality], seriesPerStudy: 4, imageSize: 16 };
    for (const study of synthesizeArchive(request))
      for (const { description, instances } of study.series)
        for (const { bytes } of instances()) {
          const { ViewPosition } = readAttributes(bytes, keywordOf);
          const end = ViewPosition === 'LL' ? 'LAT' : String(ViewPosition);
          expect(description.replace(/ \(\d+\)$/, '').endsWith(end)).toBe(true);
        }
  });

  it('is in an encapsulated transfer syntax only where it has pictures', async () => {
    const transferSyntaxes = [await openTransferSyntax('rleLossless')];
    const request = { seed: 15, studies: 40, ...small, modalities, transferSyntaxes };
    for (const { series } of synthesizeArchive(request))
      for (const { modality, instances } of series)
        for (const { transferSyntaxUid } of instances())
          expect(transferSyntaxUid).toBe(
            modality === 'SR' || modality === 'DOC' ? explicitLittleEndian.uid : transferSyntaxes[0]?.uid,
          );
  });

  it('is not made unless it is named: fixtures are slices', () => {
    const studies = [...synthesizeArchive({ seed: 14, studies: 60, ...small })];
    const made = new Set(studies.flatMap(({ series }) => series.map(({ modality }) => modality)));
    expect([...made].sort()).toEqual(['CT', 'MR']);
  });
});
