import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { syntheticPatientNames } from '@orthanc-tools/dicom-synthesis';
import { createCertificates, startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import type { Finding } from '@orthanc-tools/failures';
import { type FinishedRun, type RunRequest, type Scene, openScene } from './clone-scene.ts';

const password = 'secret-word-1';
const guarded = {
  configuration: {
    AuthenticationEnabled: true,
    RegisteredUsers: { doctor: password },
    StableAge: 60,
  },
};
const guardedPair = {
  source: guarded,
  credentials: { user: 'doctor', password },
  destination: guarded,
  studies: 2,
};
const users = ['--source-user=doctor', '--dest-user=doctor'];
const passwords = { SOURCE_PWD: password, DEST_PWD: password };

interface Examination extends FinishedRun {
  readonly findings: readonly Finding[];
  /** Of the finding about this check at this subject: level, what was found, remedy. */
  told(subject: string, check: string): string;
}

async function examine(scene: Scene, { argv = [], env = {} }: RunRequest = {}): Promise<Examination> {
  const flagOf = (argument: string) => argument.split('=')[0];
  const given = new Set(argv.map(flagOf));
  const usual = scene.usualArguments.filter((argument) => !given.has(flagOf(argument)));
  const run = await scene.run({ argv: ['doctor', '--json', ...usual, ...argv], env });
  const { findings } = JSON.parse(run.stdout) as { findings: readonly Finding[] };
  const told = (subject: string, check: string) => {
    const all = findings.filter((finding) => finding.subject === subject && finding.check === check);
    return all.map(({ verdict, found, remedy = '' }) => `${verdict}: ${found} -> ${remedy}`).join('\n');
  };
  return { ...run, findings, told };
}

const unsound = (findings: readonly Finding[]) =>
  findings
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ subject, check, verdict }) => `${verdict} ${subject} ${check}`);

const unknownAnyway = [
  'unknown source stable age',
  'unknown destination stable age',
  'unknown destination LimitFindInstances',
  'unknown destination free space',
];

describe('doctor', () => {
  it('finds a healthy pair sound, says what cannot be known, and leaves nothing behind', async () => {
    await using scene = await openScene({ seed: 501, ...guardedPair });
    const { exitCode, findings, told } = await examine(scene, { argv: users, env: passwords });
    expect(unsound(findings)).toEqual(unknownAnyway);
    expect(exitCode).toBe(0);
    expect(findings.filter(({ verdict }) => verdict === 'unknown').every(({ remedy }) => remedy)).toBe(true);
    expect(told('source', 'version')).toContain('ok: Orthanc 1.13.0, API 31, index in SQLite');
    expect(told('source', 'TCP_NODELAY')).toContain('ok: set');
    expect(told('source', 'content')).toContain('2 studies, 20 instances');
    const posts = scene.toDestination.requests.filter(({ method }) => method !== 'GET');
    expect(new Set(posts.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(['POST /instances', 'POST /tools/find', 'POST /tools/dicom-echo']),
    );
    const again = await examine(scene, { argv: users, env: passwords });
    expect(again.told('destination', 'content')).toContain('0 studies, 0 instances');
    expect(await readdir(scene.folder)).toEqual([]);
  });

  it('prints each finding with its level, and no secret and no name of a patient', async () => {
    await using scene = await openScene({ seed: 502, ...guardedPair });
    const run = (env: Record<string, string>) =>
      scene.run({ argv: ['doctor', '--log-level=debug', ...scene.usualArguments, ...users], env });
    const runs = [await run(passwords), await run({ ...passwords, DEST_PWD: 'secret-word-2' })];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 2]);
    expect(runs[0]?.stdout).toMatch(
      /^ {2}ok {7}authentication {2,}asked for, and what was given is accepted$/m,
    );
    expect(runs[1]?.stdout).toMatch(/^ {2}PROBLEM {2}authentication .*401/m);
    const printed = runs.map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(printed).not.toContain('secret-word');
    for (const name of syntheticPatientNames({ seed: 502, studies: 2 })) expect(printed).not.toContain(name);
  });

  it('warns of a server that asks nobody for credentials', async () => {
    await using scene = await openScene({ seed: 503, studies: 1 });
    const { exitCode, told } = await examine(scene, {
      argv: users.slice(0, 1),
      env: { SOURCE_PWD: password },
    });
    expect(told('source', 'authentication')).toMatch(
      /^warning: off: what was given is not .*AuthenticationEnabled/,
    );
    expect(exitCode).toBe(0);
    const { told: toldAgain } = await examine(scene);
    expect(toldAgain('destination', 'authentication')).toContain('off: it answers without any credentials');
  });

  it.each([
    [
      'a wrong password',
      users,
      { ...passwords, DEST_PWD: 'secret-word-2' },
      'are refused: check --dest-user and --dest-pwd',
    ],
    [
      'no credentials',
      users.slice(0, 1),
      { SOURCE_PWD: password },
      'No credentials were given: give --dest-user',
    ],
    ['a wrong API key', users, { ...passwords, DEST_API_KEY: 'x' }, 'check --dest-api-key'],
  ])('calls %s a problem, and still tells of the other server', async (_, argv, env, remedy) => {
    await using scene = await openScene({ seed: 504, ...guardedPair });
    const { exitCode, findings, told } = await examine(scene, { argv, env });
    expect(exitCode).toBe(2);
    expect(told('destination', 'authentication')).toMatch(/^problem: .*401/);
    expect(told('destination', 'authentication')).toContain(remedy);
    expect(unsound(findings).filter((line) => !line.includes('destination'))).toEqual(
      unknownAnyway.slice(0, 1),
    );
  });

  it.each([
    ['GET', '/statistics', 'unknown', 'content'],
    ['GET', '/tools/now', 'problem', 'clock'],
    ['GET', '/plugins', 'problem', 'plugins'],
    ['GET', '/changes', 'unknown', 'stable age'],
    ['POST', '/tools/find', 'problem', 'search limits'],
    ['POST', '/tools/dicom-echo', 'unknown', 'TCP_NODELAY'],
    ['POST', '/instances', 'problem', 'right to store'],
  ])('tells all the rest where %s %s is forbidden', async (method, path, verdict, check) => {
    await using scene = await openScene({ seed: 505, ...guardedPair });
    const isHit = (request: { method: string; path: string }) =>
      request.method === method && request.path.split('?')[0] === path;
    scene.toDestination.addFault({ effect: 'answer', status: 403, matching: isHit });
    const { exitCode, findings, told } = await examine(scene, { argv: users, env: passwords });
    expect(told('destination', check)).toMatch(new RegExp(`^${verdict}: .*403`));
    const own = `${verdict} destination ${check}`;
    const rest = unsound(findings).filter((line) => line !== own);
    expect(unknownAnyway).toEqual(expect.arrayContaining(rest));
    expect(findings.length).toBeGreaterThan(35);
    expect(exitCode).toBe(verdict === 'problem' ? 2 : 0);
  });

  it('finds the settings that harm a clone', async () => {
    await using scene = await openScene({
      seed: 506,
      source: {
        environment: { TCP_NODELAY: '0' },
        configuration: { LimitFindInstances: 3, LimitFindResults: 1, HttpThreadsCount: 8 },
      },
      destination: {
        configuration: {
          OverwriteInstances: true,
          StoreMD5ForAttachments: false,
          DicomWeb: null,
          IngestTranscoding: '1.2.840.10008.1.2.1',
          MaximumStorageSize: 1000,
        },
      },
    });
    const { exitCode, told } = await examine(scene);
    expect(exitCode).toBe(0);
    expect(told('source', 'LimitFindInstances')).toMatch(
      /^warning: an answer holds 3 .*LimitFindInstances to 0/,
    );
    expect(told('source', 'LimitFindResults')).toMatch(/^ok: C-FIND .* 1 studies/);
    expect(told('source', 'HTTP threads')).toMatch(/^warning: 8, .*HttpThreadsCount/);
    expect(told('source', 'TCP_NODELAY')).toMatch(/^warning: .*TCP_NODELAY=1/);
    expect(told('destination', 'overwrite mode')).toMatch(/^warning: Always.*OverwriteInstances/);
    expect(told('destination', 'stored MD5')).toMatch(/^warning: not kept.*StoreMD5ForAttachments/);
    expect(told('destination', 'DICOMweb plugin')).toMatch(/^warning: missing/);
    expect(told('destination', 'transcoding on arrival')).toMatch(/^warning: .*IngestTranscoding/);
    expect(told('destination', 'storage limit')).toMatch(/^warning: 1,000 MB .*deleted.*MaximumStorageSize/);
  });

  it('learns from what is stored what Orthanc 1.12 does not tell of itself', async () => {
    await using scene = await openScene({
      seed: 507,
      source: { version: '1.12', configuration: { StoreMD5ForAttachments: false, StableAge: 1 } },
      destination: { version: '1.12', configuration: { DicomWeb: { Enable: false } } },
    });
    await oneIsStable(scene.source.url);
    const { told } = await examine(scene);
    expect(told('source', 'stored MD5')).toMatch(/^warning: not kept/);
    expect(told('source', 'stable age')).toMatch(/^ok: about [1-4] s/);
    expect(told('destination', 'stored MD5')).toMatch(/^unknown: not told by this version/);
    expect(told('destination', 'HTTP threads')).toMatch(/^unknown: not told by this version/);
    expect(told('destination', 'DICOMweb plugin')).toMatch(
      /^warning: loaded, but switched off.*DicomWeb.Enable/,
    );
  });

  it('finds a read-only destination whose clock is wrong', async () => {
    await using scene = await openScene({
      seed: 508,
      studies: 1,
      destination: { configuration: { ReadOnly: true }, clock: '2020-03-01 10:00:00' },
    });
    const { told } = await examine(scene);
    expect(told('destination', 'right to store')).toBe(
      'problem: a read-only Orthanc -> Set ReadOnly to false.',
    );
    expect(told('destination', 'clock')).toMatch(/^warning: \d+ s behind this machine/);
  });

  it('finds a state folder that cannot be written to', async () => {
    await using scene = await openScene({ seed: 509, studies: 1 });
    await writeFile(join(scene.folder, 'file'), '');
    const { exitCode, told } = await examine(scene, {
      argv: [`--ledger-path=${scene.folder}/file/l.sqlite`],
    });
    expect(told('ledger', 'folder')).toMatch(/^problem: .*file cannot be written to .*--ledger-path/);
    expect(told('source', 'version')).toMatch(/^ok/);
    expect(exitCode).toBe(2);
    const { told: toldAgain } = await examine(scene, {
      argv: [`--ledger-path=${scene.folder}/new/l.sqlite`],
    });
    expect(toldAgain('ledger', 'folder')).toMatch(/^ok: .* can be made/);
    expect(toldAgain('ledger', 'free space')).toMatch(/^ok: .* MB in /);
  });

  it('tells of one server where the other is not there, or its certificates are not', async () => {
    await using scene = await openScene({ seed: 510, studies: 1 });
    const gone = await examine(scene, { argv: ['--dest-url=http://127.0.0.1:9'] });
    expect(gone.told('destination', 'answer')).toMatch(/^problem: .*cannot be reached.*Inside a container/);
    expect(gone.told('source', 'right to read')).toMatch(/^ok/);
    const without = await examine(scene, { argv: ['--dest-ca=/nowhere/ca.pem'] });
    expect(without.told('destination', 'answer')).toMatch(/^problem: --dest-ca.*cannot be read/);
    expect(without.told('source', 'right to read')).toMatch(/^ok/);
  });

  it('looks at encryption, and takes a client certificate for credentials', async () => {
    await using scene = await openScene({ seed: 511, studies: 1 });
    const certificates = await createCertificates();
    await using open = await startFaultProxy(scene.source.url, { serveTls: { certificates } });
    await using closed = await startFaultProxy(scene.destination.url, {
      serveTls: { certificates, clientCertificates: 'required' },
    });
    const file = async (name: string, pem: string) => {
      await writeFile(join(scene.folder, name), pem);
      return join(scene.folder, name);
    };
    const ca = await file('ca.pem', certificates.authority);
    const own = [
      `--dest-client-cert=${await file('own.pem', certificates.client.cert)}`,
      `--dest-client-key=${await file('own.key', certificates.client.key)}`,
    ];
    const urls = [`--source-url=${open.url}`, `--dest-url=${closed.url}`, `--dest-ca=${ca}`];
    const { told } = await examine(scene, { argv: [...urls, ...own, '--source-insecure'] });
    expect(told('source', 'TLS')).toMatch(/^warning: .*any certificate.*--source-ca/);
    expect(told('source', 'authentication')).toMatch(/^warning: off/);
    expect(told('destination', 'TLS')).toMatch(/^ok: encrypted/);
    expect(told('destination', 'authentication')).toMatch(/^ok: asked for/);
    const stranger = await examine(scene, { argv: urls });
    expect(stranger.told('source', 'TLS')).toMatch(/^problem: No trusted connection.*--source-ca/);
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
