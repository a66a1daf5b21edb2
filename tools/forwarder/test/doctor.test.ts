import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@orthanc-tools/failures';
import { withTransfers } from '@orthanc-tools/orthanc-testbed';
import { type Scene, openScene } from './forward-scene.ts';

interface Examination {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  /** Of the finding about this check at this subject: level, what was found, remedy. */
  told(subject: string, check: string): string;
}

async function examine<Alias extends string>(
  scene: Scene<Alias>,
  more: readonly string[],
): Promise<Examination> {
  const { exitCode, stdout } = await scene.run({ more, command: ['doctor', '--json'] });
  const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
  return {
    exitCode,
    findings,
    told: (subject, check) =>
      findings
        .filter((finding) => finding.subject === subject && finding.check === check)
        .map(({ verdict, found, remedy = '' }) => `${verdict}: ${found} -> ${remedy}`)
        .join('\n'),
  };
}

const unsound = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ verdict }) => verdict === 'problem' || verdict === 'warning')
    .map(({ subject, check, verdict }) => `${verdict} ${subject} ${check}`);

const onStable = '--trigger=StableStudy';
const everybody = { RegisteredUsers: { doctor: 'secret-word' } };

describe('doctor', () => {
  it('finds an inbox and a modality sound, says which proof it allows, and leaves nothing behind', async () => {
    await using scene = await openScene({
      seed: 801,
      studies: 1,
      // Not stable before it is examined, however long that takes.
      inbox: { configuration: { StableAge: 3600 } },
      destinations: { pacs: {} },
    });
    const { exitCode, findings, told } = await examine(scene, ['--destination=pacs', onStable]);
    expect(exitCode).toBe(0);
    // The Orthancs of tests ask nobody for credentials.
    expect(unsound(findings)).toEqual(['warning inbox authentication']);
    expect(told('inbox', 'version')).toContain('ok: Orthanc 1.');
    expect(told('inbox', 'right to delete')).toMatch(/^ok: given/);
    expect(told('inbox', 'storage limit')).toMatch(/^ok: none/);
    expect(told('inbox', 'TCP_NODELAY')).toMatch(/^ok: set/);
    expect(told('pacs', 'alias')).toMatch(/^ok: a modality of the inbox/);
    expect(told('pacs', 'C-ECHO')).toMatch(/^ok: answered within \d+ ms/);
    expect(told('pacs', 'C-FIND of images')).toMatch(/^ok: answered/);
    expect(told('pacs', 'storage commitment')).toMatch(/^ok: offered/);
    expect(told('pacs', 'proof')).toMatch(/^ok: image: /);
    expect(told('ledger', 'file')).toMatch(/^ok/);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect(await scene.held(scene.destinations.pacs)).toEqual([]);
    expect(await readdir(scene.folder)).toEqual([]);
  });

  it('raises an alarm for a modality that only stores, and says what gives a proof', async () => {
    await using scene = await openScene({
      seed: 802,
      studies: 1,
      destinations: { pacs: { behaviour: 'store-only' } },
    });
    const { exitCode, told } = await examine(scene, ['--destination=pacs', onStable]);
    expect(exitCode).toBe(0);
    expect(told('pacs', 'C-FIND of images')).toMatch(/^warning: .* -> .*C-FIND/);
    expect(told('pacs', 'storage commitment')).toMatch(/^ok: not offered/);
    expect(told('pacs', 'proof')).toMatch(
      /^warning: none: everything is sent and kept, nothing is deleted -> .*--verify none/,
    );
    const { told: toldAgain } = await examine(scene, ['--destination=pacs', onStable, '--verify=none']);
    expect(toldAgain('pacs', 'proof')).toMatch(/^warning: none, as ordered: .*success/);
  });

  it('calls more than a destination can give a warning', async () => {
    await using scene = await openScene({ seed: 803, studies: 1, destinations: { pacs: {} } });
    const { told } = await examine(scene, ['--destination=pacs', onStable, '--verify=hash']);
    expect(told('pacs', 'proof')).toMatch(
      /^warning: none: hash was ordered, image is possible.* -> .*--verify/,
    );
  });

  it.each([
    ['dicom', 'a modality'],
    ['dicom-web', 'a DICOMweb server'],
    ['peering', 'a peer'],
  ])('names what the inbox knows where the alias is wrong: %s', async (mode, kind) => {
    await using scene = await openScene({ seed: 804, studies: 1, destinations: { pacs: {} } });
    const { exitCode, told } = await examine(scene, ['--destination=packs', onStable, `--mode=${mode}`]);
    expect(exitCode).toBe(2);
    expect(told('packs', 'alias')).toMatch(new RegExp(`^problem: no alias of ${kind}.*knows pacs -> `));
    expect(told('packs', 'proof')).toMatch(/^unknown: not looked at/);
  });

  it.each([
    ['dicom', 'C-ECHO'],
    ['dicom-web', 'QIDO-RS'],
    ['peering', 'peer'],
  ])('tells of a destination by %s that is away, and of all the rest', async (mode, check) => {
    await using scene = await openScene({ seed: 805, studies: 1, destinations: { pacs: {} } });
    await scene.destinations.pacs.stop();
    const { exitCode, told } = await examine(scene, ['--destination=pacs', onStable, `--mode=${mode}`]);
    expect(exitCode).toBe(2);
    expect(told('pacs', check)).toMatch(/^problem: .+ -> .+/);
    expect(told('pacs', 'proof')).toMatch(mode === 'peering' ? /^warning: none/ : /^unknown: /);
    expect(told('inbox', 'right to read')).toMatch(/^ok/);
  });

  it('looks at a DICOMweb server', async () => {
    await using scene = await openScene({ seed: 806, studies: 1, destinations: { pacs: {} } });
    const { exitCode, told } = await examine(scene, ['--destination=pacs', onStable, '--mode=dicom-web']);
    expect(exitCode).toBe(0);
    expect(told('pacs', 'alias')).toMatch(/^ok: a DICOMweb server of the inbox/);
    expect(told('pacs', 'QIDO-RS')).toMatch(/^ok: answered/);
    expect(told('pacs', 'proof')).toMatch(/^ok: image/);
    expect(told('inbox', 'DICOMweb plugin')).toMatch(/^ok: version/);
  });

  it('looks at a peer, and itself at the Orthanc behind it where it has its address', async () => {
    const request = { configuration: { OverwriteInstances: true, IngestTranscoding: '1.2.840.10008.1.2.1' } };
    const destinations = { archive: { request }, other: {} };
    await using scene = await openScene({ seed: 807, studies: 1, destinations });
    const peering = ['--destination=archive', onStable, '--mode=peering'];
    const blind = await examine(scene, peering);
    expect(blind.told('archive', 'peer')).toMatch(/^ok: Orthanc 1\./);
    expect(blind.told('archive', 'proof')).toMatch(/^warning: none: .* -> .*--dest-url/);
    const seeing = await examine(scene, [...peering, `--dest-url=${scene.destinations.archive.url}`]);
    expect(seeing.exitCode).toBe(0);
    expect(seeing.told('archive', 'proof')).toMatch(/^ok: hash: /);
    expect(seeing.told('archive', 'stored MD5')).toMatch(/^ok/);
    expect(seeing.told('archive', 'overwrite mode')).toMatch(/^warning: Always/);
    expect(seeing.told('archive', 'transcoding on arrival')).toMatch(/^warning: .*IngestTranscoding/);
    const elsewhere = await examine(scene, [...peering, `--dest-url=${scene.inbox.url}`]);
    expect(elsewhere.told('archive', 'another server')).toMatch(/^problem: .*the inbox itself/);
    const astray = await examine(scene, [...peering, `--dest-url=${scene.destinations.other.url}`]);
    expect(astray.told('archive', 'another server')).toMatch(/^problem: .*another one than the peer/);
  });

  it('looks at an Orthanc by its address as the cloner does at its destination', async () => {
    await using scene = await openScene({
      seed: 808,
      studies: 1,
      destinations: {
        // As store-only it is not told of the inbox, which would need the password.
        archive: {
          behaviour: 'store-only',
          request: { configuration: { AuthenticationEnabled: true, ...everybody } },
        },
      },
    });
    const byAddress = ['--mode=orthanc', `--dest-url=${scene.destinations.archive.url}`, onStable];
    const right = await examine(scene, [...byAddress, '--dest-user=doctor', '--dest-pwd=secret-word']);
    expect(right.exitCode).toBe(0);
    expect(right.told('orthanc', 'right to store')).toMatch(/^ok: given/);
    expect(right.told('orthanc', 'authentication')).toMatch(/^ok: asked for/);
    expect(right.told('orthanc', 'proof')).toMatch(/^ok: hash/);
    const wrong = await examine(scene, [...byAddress, '--dest-user=doctor', '--dest-pwd=other-word']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.told('orthanc', 'authentication')).toMatch(/^problem: .*401.* -> .*--dest-pwd/);
    expect(JSON.stringify([right.findings, wrong.findings])).not.toMatch(/secret-word|other-word/);
  });

  it('looks for the transfers accelerator on both sides', async () => {
    await using scene = await openScene({
      seed: 809,
      studies: 1,
      inbox: withTransfers(),
      destinations: { archive: {} },
    });
    const transfer = ['--destination=archive', onStable, '--mode=transfer'];
    const { exitCode, told } = await examine(scene, [
      ...transfer,
      `--dest-url=${scene.destinations.archive.url}`,
    ]);
    expect(told('archive', 'transfers accelerator')).toMatch(/^problem: missing at the destination -> /);
    expect(exitCode).toBe(2);
  });

  it('finds what in the inbox costs images', async () => {
    await using scene = await openScene({
      seed: 810,
      studies: 1,
      inbox: {
        configuration: {
          MaximumPatientCount: 100,
          StoreMD5ForAttachments: false,
          OverwriteInstances: true,
          HttpThreadsCount: 2,
        },
        environment: { TCP_NODELAY: '0' },
      },
      destinations: { pacs: {} },
    });
    const { told } = await examine(scene, ['--destination=pacs', onStable]);
    expect(told('inbox', 'storage limit')).toMatch(
      /^warning: 100 patients; beyond, the oldest patients are deleted -> .*before it is forwarded.*MaximumStorageMode/,
    );
    expect(told('inbox', 'stored MD5')).toMatch(/^warning: not kept/);
    expect(told('inbox', 'overwrite mode')).toMatch(/^ok: Always: .*forwarded again/);
    expect(told('inbox', 'HTTP threads')).toMatch(/^warning: 2, .*HttpThreadsCount/);
    expect(told('inbox', 'TCP_NODELAY')).toMatch(/^warning: .*TCP_NODELAY=1/);
  });

  it('warns of a stable age that is short beside the quiet time', async () => {
    await using scene = await openScene({ seed: 814, studies: 1, destinations: { pacs: {} } });
    await oneIsStable(scene.inbox.url);
    const short = await examine(scene, ['--destination=pacs', onStable]);
    expect(short.told('inbox', 'stable age')).toMatch(
      /^warning: about \d s.* -> .* 1 s .*in parts: .*--quiet-time/,
    );
    const long = await examine(scene, ['--destination=pacs', onStable, '--quiet-time=1m']);
    expect(long.told('inbox', 'stable age')).toMatch(/^ok: about \d s/);
  });

  it('finds an inbox from which nothing may be deleted', async () => {
    await using scene = await openScene({ seed: 811, studies: 1, destinations: { pacs: {} } });
    scene.proxy.addFault({
      effect: 'answer',
      status: 403,
      matching: ({ path }) => path === '/tools/bulk-delete',
    });
    const { exitCode, told } = await examine(scene, ['--destination=pacs', onStable]);
    expect([exitCode, told('inbox', 'right to delete')]).toEqual([
      2,
      expect.stringMatching(/^problem: .*403.* -> .*bulk-delete/),
    ]);
  });

  it('tells of places that cannot be used, and of an inbox that is away', async () => {
    await using scene = await openScene({ seed: 812, studies: 1, destinations: { pacs: {} } });
    const file = join(scene.folder, 'file');
    await writeFile(file, '');
    await scene.proxy.disturb({ refuse: true });
    const { exitCode, told } = await examine(scene, [
      '--destination=pacs',
      onStable,
      `--ledger-path=${file}/forwarder.sqlite`,
      `--transfer-log=${file}/transfers.jsonl`,
    ]);
    expect(exitCode).toBe(2);
    expect(told('inbox', 'answer')).toMatch(/^problem: .*cannot be reached/);
    expect(told('pacs', 'all else')).toMatch(/^unknown: not looked at/);
    expect(told('ledger', 'file')).toMatch(/^problem: .*\(ENOTDIR\) -> .*--ledger-path \(LEDGER_PATH\)/);
    expect(told('transfer log', 'file')).toMatch(/^problem: .*--transfer-log \(TRANSFER_LOG\)/);
  });

  it('finds an inbox too old that a run refuses', async () => {
    await using scene = await openScene({ seed: 814, studies: 1, destinations: { pacs: {} } });
    const told = (await (await fetch(`${scene.inbox.url}/system`)).json()) as object;
    scene.proxy.addFault({
      effect: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...told, Version: '1.12.4', Capabilities: undefined }),
      matching: ({ path }) => path === '/system',
    });
    const more = ['--destination=pacs', onStable];
    const found = await examine(scene, more);
    expect(found.exitCode).toBe(2);
    expect(found.told('inbox', 'ExtendedFind')).toMatch(/^problem: not offered.*1\.12\.5/);
    const { exitCode, stderr } = await scene.run({ more });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/Orthanc 1\.12\.4.*1\.12\.5/);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('looks at each destination of a file, and at its alternate', async () => {
    await using scene = await openScene({ seed: 813, studies: 1, destinations: { pacs: {}, archive: {} } });
    const file = await scene.destinationsFile({
      destinations: [
        { name: 'main', mode: 'dicom', target: 'pacs', alternate: { mode: 'peering', target: 'nowhere' } },
        { name: 'second', mode: 'dicom-web', target: 'archive' },
      ],
    });
    const { told } = await examine(scene, [file, onStable]);
    expect(told('main', 'proof')).toMatch(/^ok: image/);
    expect(told('main, alternate nowhere', 'alias')).toMatch(/^problem: no alias of a peer/);
    expect(told('second', 'proof')).toMatch(/^ok: image/);
    const wrong = await examine(scene, [await scene.destinationsFile({ destinations: 1 }), onStable]);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.told('destinations', 'settings')).toMatch(/^problem: /);
    expect(wrong.told('inbox', 'version')).toMatch(/^ok/);
  });
});

/** Waits until the change log calls a study stable. */
async function oneIsStable(url: string): Promise<void> {
  const limit = Date.now() + 30_000;
  while (Date.now() < limit) {
    const answer = await fetch(`${url}/changes?type=StableStudy&limit=1`);
    const { Changes: changes } = (await answer.json()) as { Changes: unknown[] };
    if (changes.length > 0) return;
  }
  throw new Error('No study became stable within 30 s');
}
