import type { DataSetName } from '../measure/data-set.ts';
import { inThisProcess } from '../measure/cost.ts';
import type * as upload from '../measure/measure-upload.ts';
import { type UploadWay, hashingUploads, uploadWays } from '../measure/upload-ways.ts';
import type { ImportGround } from './import-ground.ts';
import { runImporter } from './run-importer.ts';

export type Role = 'limit' | 'hashing' | 'importer';
type Contender = upload.Contender<Role, ImportGround>;

export const importer: Contender = {
  name: 'importer',
  role: 'importer',
  bring: ({ folder, signal }, destination) => runImporter({ folder, destination, signal }),
};

/** The limits, which neither read nor look at anything, one that works out MD5s, and the importer. */
export const contendersFor = (name: DataSetName): Contender[] => [
  ...uploadWays(name).map((way) => uploader(way, { role: 'limit', name: `limit: ${way.name}` })),
  ...hashingUploads(name).map((way) => uploader(way, { role: 'hashing', name: `with MD5: ${way.name}` })),
  importer,
];

const uploader = (way: UploadWay, named: Pick<Contender, 'name' | 'role'>): Contender => ({
  ...named,
  bring: ({ files, signal }, destination) => inThisProcess(() => way.upload(files, { destination, signal })),
});
