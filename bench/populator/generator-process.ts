// Makes one archive and nothing else, in a process of its own: what is measured is not warm from what was before.
import process from 'node:process';
import { type SyntheticInstance, synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type GeneratorShape, generatorShapes } from './generator-shapes.ts';
import type { Generated } from './measure-generator.ts';

const [index, scale] = process.argv.slice(2).map(Number);
const shape = generatorShapes[index ?? -1];
if (shape === undefined) throw new RangeError('There is no such shape');

function* instancesOf({ request }: GeneratorShape): Generator<SyntheticInstance> {
  for (const study of synthesizeArchive({ ...request, studies: Infinity })) yield* study.instances();
}

const wanted = Math.max(1, Math.round(shape.instances * (scale ?? 1)));
const before = process.cpuUsage();
const startedAt = performance.now();
let [made, bytes] = [0, 0];
for (const instance of instancesOf(shape)) {
  bytes += instance.bytes.length;
  if ((made += 1) === wanted) break;
}
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(before);
const generated: Generated = { instances: made, bytes, seconds, cpuSeconds: (user + system) / 1e6 };
process.send?.(generated);
