import { type DataSetName, dataSet } from '../measure/data-set.ts';
import { type BenchRequest, benchTool } from '../measure/bench-tool.ts';
import { type Verdict, printVerdicts } from '../measure/verdict.ts';
import { type ForwardGround, describeForwardGround, prepareForwardGround } from './forward-ground.ts';
import { type BenchMode, modes, waysOf } from './forward-ways.ts';
import { type ForwardResult, judgeForwarding, printForwardings, shares } from './judge-forwarding.ts';
import { type Forwarding, measureForwarding } from './measure-forwarding.ts';

const usage = `Measures the forwarder between two real Orthancs, by peering, DICOM and DICOMweb, in one run, against
  the limit      Orthanc's own plain store job, one or two at a time; for DICOM also storescu (DCMTK), where it is installed
  sending        the forwarder told to ask nobody and to keep everything: what is promised is measured by this
  with proof     the same with the proof that the destination allows
  with deletion  the same with the deletion: its defaults

  npm run bench -- forwarder [--rounds N] [--data small|large] [--provider NAME] [--scale X]

  --rounds N   medians of N rounds; 1 if missing
  --data NAME  one of the two data sets; both if missing
  --provider   native, if missing; or containers
  --scale X    so many times the studies, to try the bench itself: --scale 0.1

Ends with 0 when every limit is kept, 1 otherwise.`;

export const benchForwarder = benchTool({
  tool: 'forwarder',
  usage,
  benchDataSet,
});

async function benchDataSet(name: DataSetName, request: BenchRequest): Promise<Verdict[]> {
  const set = dataSet(name, request.scale);
  await using ground = await prepareForwardGround(set, request);
  console.log(`\n${describeForwardGround(set, ground)}`);
  const verdicts: Verdict[] = [];
  for (const mode of modes) {
    const results = await compareWays(mode, ground, request.rounds);
    const judged = judgeForwarding(mode, results);
    printForwardings(results);
    printVerdicts(judged);
    console.log(shares(results));
    verdicts.push(...judged);
  }
  return verdicts;
}

/** All ways, one after the other, so many rounds: what disturbs the machine disturbs all of them. */
async function compareWays(
  mode: BenchMode,
  ground: ForwardGround,
  count: number,
): Promise<readonly ForwardResult[]> {
  const ways = waysOf(mode);
  const rounds = ways.map((): Forwarding[] => []);
  for (let round = 1; round <= count; round += 1) {
    for (const [index, way] of ways.entries()) {
      const measured = await measureForwarding(way, ground);
      rounds[index]?.push(measured);
      console.log(`  round ${String(round)}: ${mode}: ${way.name}: ${measured.seconds.toFixed(1)} s`);
    }
    await ground.refill();
  }
  return ways.map((way, index) => ({ way, rounds: rounds[index] ?? [] }));
}
