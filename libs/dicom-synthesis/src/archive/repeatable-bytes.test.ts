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
    ['explicitLittleEndian', 'bafca350c6de66d6a01b321e33b58011b7dc17d41904b3b39f27655e7c2f5eaf'],
    ['implicitLittleEndian', '4949e3b50e41db5bb03dca8c91fc2e3899563dc8703f6b2aa7170377d8121c88'],
    ['explicitBigEndian', 'dada21367d22d1ec50633aacd750b934f8f4cfd96460e6d02dc3d4951cb6c7b3'],
    ['deflatedExplicitLittleEndian', '8aee291f91a1cd9ad2f35fbc05b77b78b6223322b785a184f9de78c3fc55fe4b'],
    ['rleLossless', 'e3324e6e2cdb1232cdee4cda95090de4b1f97acc92f99844c82413a98d439125'],
    ['jpegLsLossless', '454ebbb50fe57f6d32c48db5f6c3ce7d06290f5e9d6c37c518b90733ba8337b8'],
    ['jpeg2000Lossless', '0196ab5796eebb273714210f45ad4e66aed4dd479f4a94d441b276e530ff1fd2'],
  ] as const)('in %s', async (name, expected) => {
    const transferSyntaxes = [await openTransferSyntax(name)];
    expect(digest({ seed: 42, studies: 12, ...small, imageSize: 64, transferSyntaxes })).toBe(expected);
  });
});

describe('the same seed gives the same bytes of every kind of object', () => {
  it.each([
    ['CT', 'b9fce2ea20295f994972a11ce04c68887ee1d908656d6dc9669358b6cd093840'],
    ['MR', '478d877f165f1651f6066a7eeabac07a4d65c7f57333abe24ea90bedb066c8ac'],
    ['CR', 'bc14c18d01689c70091d7640ff70d46ec24c80fd6598822eedbb4af83ecd4602'],
    ['DX', 'ca0fca79dc9de4570c9b03c0fd3ab9db02feb68a9559c128710132a57851248e'],
    ['US', 'b44f54ac1541bfbc0034f70d2efb8520b888d527c611582dd8de15ed71b76a0b'],
    ['MG', '9bd6e0819b4c155e5a228756fbf853bf8673ac52559214e6dacfed3b07fa0582'],
    ['PT', 'e84b45e9a3da590b8b4883c1bc06a85b6253e3e095bd351fcca9f38c5d6a48e5'],
    ['OT', '2d37c605f7ee857363c3f03054c060df4d7a8faf0070b4ddcfc1de024ce7eacb'],
    ['SR', 'c561831b057bf6d82875977042f358cb0633eb0de5f3031041918795f46e9e30'],
    ['DOC', 'e0c8bba5d9d1be606778d3b3e64498ba50abb85828209342fe34d25af66fac0a'],
  ] as const)('%s', (modality, expected) => {
    expect(digest({ seed: 42, studies: 6, ...small, modalities: [modality], imageSize: 32 })).toBe(expected);
  });

  it('and leaves none out', () => {
    expect(syntheticModalities).toHaveLength(10);
  });
});
