import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { syntheticModalities } from '../iods/catalogue.ts';
import { openTransferSyntax } from '../pixels/transfer-syntax-writers.ts';
import type { ArchiveRequest } from './request.ts';
import { synthesizeArchive } from './synthesize-archive.ts';

const small = { seriesPerStudy: 2, instancesPerSeries: 2 };

const digest = (request: ArchiveRequest): string => {
  const hash = createHash('sha256');
  for (const study of synthesizeArchive(request))
    for (const { bytes } of study.instances()) hash.update(bytes);
  return hash.digest('hex');
};

describe('the same seed gives the same bytes, on every machine and under every Node', () => {
  it.each([
    ['explicitLittleEndian', '0e34d2c348e35f27a851c80edb42cf35395fa88e8b160e6992eb63675b6bcfee'],
    ['implicitLittleEndian', '572f3fbd980a39feed69a7e5cd33d23a658a4297cf5ebabc4c5e597c60dd119b'],
    ['explicitBigEndian', 'cd5348ba2bd59d43901b2223ba359be07474125c9da5ef70c502d658349082d6'],
    ['deflatedExplicitLittleEndian', '809dd9bcfb152dbd51a897896585c7a77a005555a6d684f9dd63dde20592e539'],
    ['rleLossless', '1b2391c9e8e5da8f1010587c4adb815159f8d36476c0d17ca84fc8cead8c791a'],
    ['jpegLsLossless', '699833eea812eed1728f1b50d67081321c1512feac6786b30b7905dac834e215'],
    ['jpeg2000Lossless', '427cba77eac5f3b54006c8550fa9eafa95d9670d88fc2d042861faececf484ca'],
  ] as const)('in %s', async (name, expected) => {
    const transferSyntaxes = [await openTransferSyntax(name)];
    expect(digest({ seed: 42, studies: 12, ...small, imageSize: 64, transferSyntaxes })).toBe(expected);
  });
});

describe('the same seed gives the same bytes of every kind of object', () => {
  it.each([
    ['CT', '50180271880bc138ef24201d13aaad0a90428a5f5cec96d805a8672455913fcf'],
    ['MR', 'f274e6c35dd4b36c73aeed6b991a7eb72b7d14b139198c52b7200e717ca6ef41'],
    ['CR', '006fb2b1fd921d119c6d8f2937bc6abb185e509bff79d4b64334bd94ce5e35e8'],
    ['DX', '6d54e340b836de781bf58309f76bd2a4bb98854c3d62c9da95060260ed2580fc'],
    ['US', '51c0e02fd1b745d01d27c050d2d197f3c15773ddc199d1bd270805162d194584'],
    ['MG', 'feac12385f095df3d0bef660bb67a155d7bbf86cab27f710837aee6b2a18d67d'],
    ['PT', 'c4bf40884b2db2ffb0db4011993cee17ef0f6daf3830c315db24a8cac8320a6a'],
    ['OT', '425d7f3e4d9ec925881af73c0d40d7e30e2c08e77eabd32aa3062c0034b2e234'],
    ['SR', '977ff2ebe19f0e88209a2ae59d7ee2f19068899750ff57920e929e91211c77c5'],
    ['DOC', '32a186db6565603a286752dca9a1523a198f1d8f36d02e722c33b1634bfb3a32'],
  ] as const)('%s', (modality, expected) => {
    expect(digest({ seed: 42, studies: 6, ...small, modalities: [modality], imageSize: 32 })).toBe(expected);
  });

  it('and leaves none out', () => {
    expect(syntheticModalities).toHaveLength(10);
  });
});
