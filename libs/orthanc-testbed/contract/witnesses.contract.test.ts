import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AskedInstance,
  type HeldVerdict,
  type Witness,
  askCommitment,
  askDicomWeb,
  askModality,
  askOrthanc,
  judgeHeld,
} from '@orthanc-tools/copy-proof';
import { type Orthanc, type StoredInstance, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type LinkedOrthancs, openTestbed, seedOrthanc, startFaultProxy, startLinked } from '../src/index.ts';
import { type SyntheticStudy, altered, clock, storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
type Alias = 'usual' | 'lying' | 'storeonly';
let linked: LinkedOrthancs<Alias>;
let source: Orthanc;
const clients: Orthanc[] = [];

beforeAll(async () => {
  await testbed.prepare();
  const keepsFirst = { configuration: { OverwriteInstances: false } };
  linked = await startLinked(testbed, {
    destinations: {
      usual: { request: keepsFirst },
      lying: { behaviour: 'lying' },
      storeonly: { behaviour: 'store-only' },
    },
  });
  source = connectOrthanc({ url: linked.source.url });
}, 300_000);

afterAll(async () => {
  for (const client of [source, ...clients]) await client[Symbol.asyncDispose]();
  await linked[Symbol.asyncDispose]();
});

function connect(url: string): Orthanc {
  const client = connectOrthanc({ url });
  clients.push(client);
  return client;
}

/** How a study travels to a destination, and who is then asked. */
interface Way {
  readonly name: string;
  readonly witness: (alias: Alias) => Witness;
  readonly send: (alias: Alias, ids: readonly string[]) => Promise<string>;
  readonly isBlindToContent: boolean;
}

const byDicom = (alias: Alias, ids: readonly string[]) => source.modalities.store(alias, ids);
const ways: readonly Way[] = [
  {
    name: 'an Orthanc',
    witness: (alias) => askOrthanc(connect(linked.destinations[alias].url)),
    send: (alias, ids) => source.peers.store(alias, ids),
    isBlindToContent: false,
  },
  {
    name: 'a modality, by C-FIND',
    witness: (alias) => askModality(source, alias),
    send: byDicom,
    isBlindToContent: true,
  },
  {
    name: 'a modality, by storage commitment',
    witness: (alias) => askCommitment(source, alias, { clock }),
    send: byDicom,
    isBlindToContent: true,
  },
  {
    name: 'a DICOMweb server',
    witness: (alias) => askDicomWeb(source, alias),
    send: (alias, ids) => source.dicomWebServers.stow(alias, ids),
    isBlindToContent: true,
  },
];

const asked = ({ files }: SyntheticStudy): AskedInstance[] =>
  files.map((file) => ({
    id: file.orthancIds().instance,
    seriesUid: file.identifiers.seriesInstanceUid,
    sopInstanceUid: file.identifiers.sopInstanceUid,
  }));

const ask = (witness: Witness, study: SyntheticStudy) =>
  witness.held({ studyId: study.id, studyUid: study.studyUid, instances: asked(study) });

/** Looks, sends, looks again, and judges, as a sender does. */
async function judged(way: Way, alias: Alias, study: SyntheticStudy): Promise<HeldVerdict[]> {
  const witness = way.witness(alias);
  const before = await ask(witness, study);
  await source.jobs.finish(await way.send(alias, study.instanceIds), { clock });
  const after = await ask(witness, study);
  const ours = new Map<string, StoredInstance>(
    (await source.studies.instances(study.id)).map((instance) => [instance.id, instance]),
  );
  return asked(study).flatMap(({ id, sopInstanceUid: uid }) => {
    const instance = ours.get(id);
    const circumstances = { kind: witness.kind, wasAbsent: !before.has(uid) };
    return instance === undefined ? [] : [judgeHeld(instance, after.get(uid), circumstances)];
  });
}

const all = <T>(study: SyntheticStudy, verdict: T): T[] => study.files.map(() => verdict);
const seedOf = (way: Way, what: string) => `witness-${what}-${way.name}`;

describe.each(ways)('$name', (way) => {
  it('can be asked', async () => {
    expect(await way.witness('usual').probe()).toBe(way.isBlindToContent ? 'image' : 'hash');
  });

  it('proves what has arrived', async () => {
    const study = await storeStudy(linked.source, { seed: seedOf(way, 'sent'), seriesPerStudy: 2 });
    const proof = { orthanc: 'id+md5', 'c-find': 'c-find', commitment: 'commitment', qido: 'qido' } as const;
    const { kind } = way.witness('usual');
    expect(await judged(way, 'usual', study)).toEqual(all(study, { is: 'proved', proof: proof[kind] }));
  });

  it('tells what is there and what is not', async () => {
    const study = await storeStudy(linked.source, { seed: seedOf(way, 'part') });
    const [first = ''] = study.instanceIds;
    await source.jobs.finish(await way.send('usual', [first]), { clock });
    const held = await ask(way.witness('usual'), study);
    expect([...held.keys()]).toEqual([study.sopInstanceUids[0]]);
  });

  it('does not take for ours what was there before under the same UIDs', async () => {
    const study = await storeStudy(linked.source, { seed: seedOf(way, 'older') });
    await seedOrthanc(linked.destinations.usual, study.files.map(altered));
    const verdict = way.isBlindToContent ? { is: 'undecided' } : { is: 'different' };
    expect(await judged(way, 'usual', study)).toEqual(all(study, verdict));
  });

  it('finds out one that lies', async () => {
    const study = await storeStudy(linked.source, { seed: seedOf(way, 'lied') });
    expect(await judged(way, 'lying', study)).toEqual(all(study, { is: 'missing' }));
  });
});

describe('a modality that can only store', () => {
  it('gives no proof, and is not taken for one that is away', async () => {
    expect(await askModality(source, 'storeonly').probe()).toBe('none');
    expect(await askCommitment(source, 'storeonly', { clock }).probe()).toBe('none');
    const study = await storeStudy(linked.source, { seed: 'witness-storeonly' });
    await expect(ask(askModality(source, 'storeonly'), study)).rejects.toMatchObject({ kind: 'transient' });
  });

  it('that is away has refused nothing', async () => {
    const dead = ['DEAD', testbed.hostAddress, 1];
    await source.call({ method: 'PUT', path: '/modalities/dead', content: dead, isPlainText: true });
    for (const witness of [askModality(source, 'dead'), askCommitment(source, 'dead', { clock })])
      await expect(witness.probe()).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
  });
});

it('a modality that tells no more than two at a time is asked for the rest', async () => {
  await using capped = await startLinked(testbed, {
    destinations: { capped: { request: { configuration: { LimitFindInstances: 2, LimitFindResults: 2 } } } },
  });
  await using client = connectOrthanc({ url: capped.source.url });
  const study = await storeStudy(capped.source, { seed: 'witness-capped', instancesPerSeries: 7 });
  await client.jobs.finish(await client.modalities.store('capped', [study.id]), { clock });
  const held = await ask(askModality(client, 'capped'), study);
  expect([...held.keys()].toSorted()).toEqual(study.sopInstanceUids.toSorted());
});

it('an Orthanc without ExtendedFind is asked by its own identifiers', async () => {
  const study = await storeStudy(linked.source, { seed: 'witness-old' });
  await source.jobs.finish(await source.peers.store('usual', study.instanceIds), { clock });
  await using proxy = await startFaultProxy(linked.destinations.usual.url);
  proxy.addFault({
    effect: 'answer',
    status: 200,
    body: JSON.stringify({ ApiVersion: 24, Version: '1.12.4' }),
    matching: ({ path }) => path === '/system',
  });
  const held = await ask(askOrthanc(connect(proxy.url)), study);
  expect([...held.values()].flat().map(({ md5 }) => md5)).toEqual(study.files.map((file) => file.md5()));
});
