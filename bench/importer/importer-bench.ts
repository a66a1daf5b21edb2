import { type DataSetName, dataSet } from '../measure/data-set.ts';
import { type BenchRequest, benchTool } from '../measure/bench-tool.ts';
import { measureUpload, neverStable } from '../measure/measure-upload.ts';
import { printUploads } from '../measure/print-uploads.ts';
import { type Result, compareUploads } from '../measure/upload-results.ts';
import { type Verdict, printVerdicts } from '../measure/verdict.ts';
import { type Role, contendersFor, importer } from './contender.ts';
import { describeImportGround, prepareImportGround } from './import-ground.ts';
import { judgeGrowth, judgeImport, remarks } from './judge-import.ts';

const longTimes: Record<DataSetName, number> = { small: 50, large: 10 };

const usage = `Measures the importer on a real Orthanc, in one run, against
  the limit   the same bytes, held in memory, uploaded in each of the best ways found: POST, STOW-RS, ZIP
  with MD5    by POST, with the MD5 of each file worked out: what proving costs at the least

  npm run bench -- importer [--rounds N] [--data small|large] [--long] [--provider NAME] [--scale X]

  --rounds N   medians of N rounds; 1 if missing
  --data NAME  one of the two data sets; both if missing
  --long       also 200,000 files (small) or 10,000 (large: 5 GB of disk, twice), to see that memory does not grow
  --provider   native, if missing; or containers
  --scale X    so many times the studies, to try the bench itself: --scale 0.1

Ends with 0 when every limit is kept, 1 otherwise.`;

export const benchImporter = benchTool({
  tool: 'importer',
  usage,
  benchDataSet,
});

async function benchDataSet(name: DataSetName, request: BenchRequest): Promise<Verdict[]> {
  const results = await compareImports(name, request);
  const verdicts = judgeImport(results);
  const usual = results.find(({ contender }) => contender.role === 'importer');
  const printed = [...results];
  if (request.long && usual !== undefined) {
    const long = await measureLong(name, request);
    printed.push(long);
    verdicts.push(...judgeGrowth(usual, long, longTimes[name]));
  }
  printUploads(printed);
  printVerdicts(verdicts);
  console.log(remarks(results));
  return verdicts;
}

async function compareImports(name: DataSetName, request: BenchRequest): Promise<Result<Role>[]> {
  const set = dataSet(name, request.scale);
  await using ground = await prepareImportGround(set, { ...request, holdsFiles: true });
  console.log(`\n${describeImportGround(set, ground)}`);
  return await compareUploads(contendersFor(name), ground, request.rounds);
}

async function measureLong(name: DataSetName, request: BenchRequest): Promise<Result<Role>> {
  const set = dataSet(name, request.scale * longTimes[name]);
  await using ground = await prepareImportGround(set, { ...request, holdsFiles: false });
  console.log(`\n${describeImportGround(set, ground)}`);
  const measured = await measureUpload(importer, ground, neverStable);
  const contender = { ...importer, name: `importer, ${String(longTimes[name])} times the files` };
  return { contender, rounds: [measured] };
}
