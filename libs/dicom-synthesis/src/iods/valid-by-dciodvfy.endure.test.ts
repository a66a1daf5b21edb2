import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '../archive/synthesize-archive.ts';
import { openTransferSyntax } from '../pixels/transfer-syntax-writers.ts';
import { catalogue } from './catalogue.ts';

// Of Debian's package dicom3tools, which cannot read deflated files.
const isThere = spawnSync('dciodvfy', ['-version']).error === undefined;
const folder = mkdtempSync(join(tmpdir(), 'dciodvfy-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const complaintsAbout = (bytes: Uint8Array): string[] => {
  const path = join(folder, 'instance.dcm');
  writeFileSync(path, bytes);
  const { stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
  return stderr.split('\n').filter((line) => line.startsWith('Error'));
};

(isThere ? describe : describe.skip)('an independent validator finds no error', () => {
  it.each(catalogue.map(({ modality }) => modality))('in %s, in all writing systems', (modality) => {
    const request = { seed: modality, studies: 40, modalities: [modality], imageSize: 64 };
    for (const study of synthesizeArchive({ ...request, instancesPerSeries: 1 }))
      for (const { bytes } of study.instances()) expect(complaintsAbout(bytes)).toEqual([]);
  });

  it.each(['implicitLittleEndian', 'explicitBigEndian', 'jpegLsLossless', 'rleLossless'] as const)(
    'in %s',
    async (name) => {
      const transferSyntaxes = [await openTransferSyntax(name)];
      const modalities = catalogue.map(({ modality }) => modality);
      const request = { seed: name, studies: 30, modalities, imageSize: 64, instancesPerSeries: 1 };
      for (const study of synthesizeArchive({ ...request, transferSyntaxes }))
        for (const { bytes } of study.instances()) expect(complaintsAbout(bytes)).toEqual([]);
    },
  );
});
