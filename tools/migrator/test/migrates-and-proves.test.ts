import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { synthesizeEdgeCases } from '@orthanc-tools/dicom-synthesis';
import { seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { hurriedClock } from './hurried-clock.ts';
import { type Scene, imagesOf, openScene, synthesized } from './migration-scene.ts';

/** The same file, but for the first character of its PatientID. */
function ofAnotherPatient(file: Uint8Array, letter = 'X'): Uint8Array {
  const copy = Buffer.from(file);
  const at = copy.indexOf(Buffer.from([0x10, 0x00, 0x20, 0x00, 0x4c, 0x4f])) + 8;
  copy.write(copy.toString('latin1', at, at + 1) === letter ? 'Y' : letter, at, 'latin1');
  return copy;
}

/** From Orthanc to the archive, which is asked by its own REST API. */
const toPeer = ({ archive }: Scene) => [
  ...['--source-modality=none', '--destination-peer=archive'],
  `--dest-url=${archive?.url ?? ''}`,
];

/** The PatientIDs that Orthanc holds. */
async function patientsAt({ orthanc }: Scene): Promise<string[]> {
  const answer = await fetch(`${orthanc.url}/patients?expand`);
  const patients = (await answer.json()) as { MainDicomTags: { PatientID: string } }[];
  return patients.map(({ MainDicomTags: tags }) => tags.PatientID);
}

/** Half of the images of the first study become those of another patient, under the same Study Instance UID. */
async function shareStudy({
  orthanc,
  studies: [shared, ...others],
}: Pick<Scene, 'orthanc' | 'studies'>): Promise<void> {
  await deleteStudies({ orthanc });
  const files = shared?.files.map((file, at) => (at < 6 ? file : ofAnotherPatient(file))) ?? [];
  await seedOrthanc(orthanc, [...files, ...others.flatMap((study) => study.files)]);
}

/** Lets the archive know somebody under a PatientID who was born long ago. */
async function introducePatient({ archive }: Scene, PatientID: string): Promise<void> {
  const Tags = { PatientID, PatientBirthDate: '19010101', SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' };
  await fetch(`${archive?.url ?? ''}/tools/create-dicom`, {
    method: 'POST',
    body: JSON.stringify({ Tags }),
  });
}

async function deleteStudies({ orthanc }: Pick<Scene, 'orthanc'>): Promise<void> {
  const ids = (await (await fetch(`${orthanc.url}/studies`)).json()) as string[];
  for (const id of ids) await fetch(`${orthanc.url}/studies/${id}`, { method: 'DELETE' });
}

describe('from a modality', () => {
  it('to Orthanc itself: a study of two patients, of both, which is no conflict', async () => {
    await using scene = await openScene({ seed: 'two fetched', shape: { studies: 1 } });
    await shareStudy({ orthanc: scene.pacs.orthanc, studies: scene.studies });
    const run = await scene.run();
    expect(run).toMatchObject({ exitCode: 0, summary: { provedImages: 12, identityConflicts: 0 } });
    expect(await patientsAt(scene)).toHaveLength(2);
  });

  it.each([
    ['C-MOVE', []],
    ['C-GET', ['--use-get-not-move']],
  ])('to Orthanc itself by %s: everything, proved, and nothing in a second run', async (_, more) => {
    await using scene = await openScene({ seed: 'to itself' });
    const run = await scene.run({ more });
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 3, fetchedImages: 36, provedImages: 36 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
    const moves = (await scene.pacs.moves()).length;
    const again = await scene.run({ more });
    expect(again).toMatchObject({ exitCode: 0, summary: { studies: 0, provedStudiesInLedger: 3 } });
    expect(await scene.pacs.moves()).toHaveLength(moves);
  });

  it('calls what was there before existing, also where the rest had to come, and proved only what came', async () => {
    await using scene = await openScene({ seed: 'was there' });
    const [whole, part] = scene.studies;
    await seedOrthanc(scene.orthanc, [...(whole?.files ?? []), ...(part?.files.slice(0, 2) ?? [])]);
    const run = await scene.run();
    expect(run).toMatchObject({
      exitCode: 0,
      summary: { fetchedImages: 22, provedImages: 22, alreadyThereImages: 14 },
      report: { signOff: { items: { proved: 1, existing: 2 } } },
    });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
    const again = await scene.run({ more: ['--prove-again'] });
    expect(again.summary).toMatchObject({ provedStudiesInLedger: 1, existingStudiesInLedger: 2 });
  });

  it('by an Orthanc whose jobs do not tell what came, too', async () => {
    await using scene = await openScene({ seed: 'older', orthanc: { version: '1.12' } });
    await scene.pacs.behave({ dropsEveryTenth: true });
    const run = await scene.run();
    expect(run).toMatchObject({ exitCode: 0, summary: { provedImages: 36 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('straight to an AET, which is asked what has arrived', async () => {
    await using scene = await openScene({ seed: 'to an AET', archive: {} });
    const aet = scene.archive?.aet ?? '';
    const run = await scene.run({ more: [`--destination-aet=${aet}`] });
    expect(run).toMatchObject({ exitCode: 0, summary: { provedImages: 36 } });
    expect(scene.archive && (await scene.images(scene.archive))).toEqual(imagesOf(scene.studies));
    expect(await scene.images(scene.orthanc)).toEqual([]);
  });

  it('straight to an AET that nobody can be asked about: accepted, and not called proved', async () => {
    await using scene = await openScene({ seed: 'blind', archive: {}, knowsArchive: false });
    const run = await scene.run({ more: [`--destination-aet=${scene.archive?.aet ?? ''}`] });
    expect(run).toMatchObject({
      exitCode: 0,
      summary: { provedImages: 0, acceptedStudiesInLedger: 3, provedStudiesInLedger: 0 },
    });
    expect(run.stdout.split('"destination.not_asked"')).toHaveLength(2);
    expect(scene.archive && (await scene.images(scene.archive))).toEqual(imagesOf(scene.studies));
  });

  it('through Orthanc to another modality, each hop proved', async () => {
    await using scene = await openScene({ seed: 'two hops', archive: {} });
    const run = await scene.run({ more: ['--destination-modality=archive'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { fetchedImages: 36, sentImages: 36 } });
    expect(scene.archive && (await scene.images(scene.archive))).toEqual(imagesOf(scene.studies));
  });

  it('through Orthanc to a peer, where the files are compared', async () => {
    await using scene = await openScene({ seed: 'to a peer', archive: {} });
    const more = ['--destination-peer=archive', `--dest-url=${scene.archive?.url ?? ''}`];
    const run = await scene.run({ more });
    expect(run).toMatchObject({ exitCode: 0, summary: { sentImages: 36 } });
    expect(run.report).toMatchObject({ ledger: { byProof: { 'id+md5': { items: 3 } } } });
  });

  it('those without a date too, or with one that is no day, and of a list first', async () => {
    await using scene = await openScene({ seed: 'undated' });
    const [dateless] = synthesizeEdgeCases({ seed: 'undated', names: ['no-study-date'], firstStudy: 0 });
    await seedOrthanc(
      scene.pacs.orthanc,
      [...(dateless?.instances() ?? [])].map(({ bytes }) => bytes),
    );
    const Tags = { PatientID: 'no day', StudyDate: '0', SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' };
    const body = JSON.stringify({ Tags });
    await fetch(`${scene.pacs.orthanc.url}/tools/create-dicom`, { method: 'POST', body });
    const last = scene.studies.toSorted((a, b) => (a.date < b.date ? -1 : 1)).at(-1);
    const list = join(scene.folder, 'list.csv');
    await writeFile(list, `StudyInstanceUID\n${last?.uid ?? ''}\n`);
    const run = await scene.run({ more: [`--studies-file=${list}`, '--worker-threads-count=1'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 5 } });
    expect((await scene.pacs.moves())[0]?.uids).toEqual([last?.uid]);
    expect(await scene.images(scene.orthanc)).toHaveLength(38);
  });

  it('only those of a list, by accession number, where no range is given', async () => {
    await using scene = await openScene({ seed: 'listed' });
    const [wanted] = scene.studies;
    const list = join(scene.folder, 'list.csv');
    await writeFile(list, `AccessionNumber\n${wanted?.accession ?? ''}\n`);
    const more = ['--from-study-date=none', '--to-study-date=none', `--studies-file=${list}`];
    const run = await scene.run({ more });
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 1 } });
    expect(await scene.images(scene.orthanc)).toEqual(wanted?.images.toSorted());
    expect(run.stdout).not.toContain(wanted?.accession);
  });

  it('none where the accession number of a list is a pattern', async () => {
    await using scene = await openScene({ seed: 'pattern' });
    const [wanted] = scene.studies;
    const list = join(scene.folder, 'list.csv');
    await writeFile(list, `AccessionNumber\n${wanted?.accession.slice(0, 2) ?? ''}*\n*\n`);
    const more = ['--from-study-date=none', '--to-study-date=none', `--studies-file=${list}`];
    const run = await scene.run({ more: [...more, '--max-retries=0'] });
    expect(run).toMatchObject({ exitCode: 3, summary: { studies: 0 } });
    expect(run.setAside.map(({ code }) => code)).toEqual(['STUDY_NOT_FOUND', 'STUDY_NOT_FOUND']);
    expect(await scene.images(scene.orthanc)).toEqual([]);
  });

  it('the newest first where the range is given backwards', async () => {
    await using scene = await openScene({ seed: 'backwards' });
    await scene.run({
      more: ['--from-study-date=20240331', '--to-study-date=20240101', '--worker-threads-count=1'],
    });
    const dates = (await scene.pacs.moves()).map(
      ({ uids }) => scene.studies.find(({ uid }) => uid === uids[0])?.date ?? '',
    );
    expect(dates).toEqual(dates.toSorted().toReversed());
  });

  it('is counted beforehand without fetching anything', async () => {
    await using scene = await openScene({ seed: 'plan' });
    const run = await scene.run({ command: ['plan'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 3, images: 36, questions: 2 } });
    expect(await scene.pacs.moves()).toEqual([]);
  });

  it.each([
    ['a modality', 'pacs', '--source-modality=pacs'],
    ['Orthanc', 'orthanc', '--source-modality=none'],
  ] as const)(
    'of a list is counted beforehand at %s, and what is not found is told',
    async (_, seeds, source) => {
      await using scene = await openScene({ seed: 'plan list', seeds, archive: {} });
      const [one, other] = scene.studies;
      const lines = [
        `,${one?.accession ?? ''}`,
        `${other?.uid ?? ''},`,
        `${other?.uid ?? ''},`,
        '2.25.1,',
        ',nobody',
      ];
      const list = join(scene.folder, 'list.csv');
      await writeFile(list, ['StudyInstanceUID,AccessionNumber', ...lines].join('\n'));
      const more = [source, '--destination-modality=archive', `--studies-file=${list}`];
      const dateless = [...more, '--from-study-date=none', '--to-study-date=none'];
      const plan = await scene.run({ command: ['plan'], more: dateless });
      expect(plan).toMatchObject({
        exitCode: 3,
        summary: { studies: 2, images: 24, listedStudies: 2, notFoundEntries: 2 },
        report: { notFound: [{ entry: 4, study: '2.25.1' }, { entry: 5 }] },
      });
      for (const said of ['nobody', one?.accession ?? '']) expect(plan.stdout).not.toContain(said);
      // What the range holds too counts once.
      const both = await scene.run({ command: ['plan'], more });
      expect(both.summary).toMatchObject({ studies: 3, images: 36, listedStudies: 2 });
      expect(await scene.images(seeds === 'pacs' ? scene.orthanc : scene.pacs.orthanc)).toEqual([]);
    },
  );
});

describe('from Orthanc', () => {
  const more = ['--source-modality=none', '--destination-modality=archive'];

  it('to a modality; proved, then deleted, instance by instance', async () => {
    await using scene = await openScene({ seed: 'from Orthanc', archive: {}, seeds: 'orthanc' });
    const run = await scene.run({ more: [...more, '--delete-from-source'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { sentImages: 36, deletedInstances: 36 } });
    expect(scene.archive && (await scene.images(scene.archive))).toEqual(imagesOf(scene.studies));
    expect(await scene.images(scene.orthanc)).toEqual([]);
  });

  it('deletes nothing that was at the destination before, as nobody has said that it is the same', async () => {
    await using scene = await openScene({ seed: 'there before', archive: {}, seeds: 'orthanc' });
    const [first] = scene.studies;
    if (scene.archive) await seedOrthanc(scene.archive, first?.files ?? []);
    const run = await scene.run({ more: [...more, '--delete-from-source'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { deletedInstances: 24 } });
    expect(await scene.images(scene.orthanc)).toEqual(first?.images.toSorted());
  });

  it('calls a study of a list that Orthanc does not know not found, and one that was there before existing', async () => {
    await using scene = await openScene({ seed: 'unknown', archive: {}, seeds: 'orthanc' });
    const [known] = scene.studies;
    if (scene.archive) await seedOrthanc(scene.archive, known?.files ?? []);
    const list = join(scene.folder, 'list.csv');
    await writeFile(list, `StudyInstanceUID\n${known?.uid ?? ''}\n2.25.1\n`);
    const dateless = ['--from-study-date=none', '--to-study-date=none', `--studies-file=${list}`];
    const run = await scene.run({ more: [...more, ...dateless, '--max-retries=0'] });
    expect(run).toMatchObject({
      exitCode: 3,
      setAside: [{ key: '2.25.1', code: 'STUDY_NOT_FOUND' }],
      summary: { provedStudiesInLedger: 0, existingStudiesInLedger: 1, vanishedStudiesInLedger: 0 },
    });
  });

  it('neither sends nor deletes what two patients hold under the same UIDs, as a modality keeps one', async () => {
    await using scene = await openScene({ seed: 'two patients', archive: {}, seeds: 'orthanc' });
    const [shared] = scene.studies;
    await seedOrthanc(scene.orthanc, shared?.files.map((file) => ofAnotherPatient(file)) ?? []);
    const run = await scene.run({ more: [...more, '--delete-from-source'] });
    expect(run).toMatchObject({ exitCode: 3, summary: { deletedInstances: 24, setAsideStudies: 1 } });
    expect(run.setAside[0]?.missingImages[0]).toMatchObject({ code: 'SEVERAL_PATIENTS' });
    const images = shared?.images ?? [];
    expect(await scene.images(scene.orthanc)).toEqual([...images, ...images].toSorted());
  });

  it('deletes nothing by what an earlier run has seen: what it sent may have been overwritten since', async () => {
    await using scene = await openScene({ seed: 'two runs', archive: {}, seeds: 'orthanc' });
    expect(await scene.run({ more })).toMatchObject({ exitCode: 0, summary: { sentImages: 36 } });
    const run = await scene.run({ more: [...more, '--delete-from-source', '--prove-again'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { deletedInstances: 0 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('names a study that is deleted before its turn comes, and migrates it when it comes back', async () => {
    const shape = { studies: 1 };
    await using scene = await openScene({ seed: 'vanished', archive: {}, seeds: 'orthanc', shape });
    const [study] = scene.studies;
    const reports = ['html-report', 'csv-report'];
    const { promise: isGone, resolve: goes } = Promise.withResolvers<unknown>();
    let hasItsTurn = false;
    scene.proxy.addFault({ effect: 'hold', until: isGone, matching: () => hasItsTurn });
    const run = await scene.run({
      more: [
        ...more,
        '--log-level=debug',
        ...reports.map((option) => `--${option}=${join(scene.folder, option)}`),
      ],
      onOutput: (stdout) => {
        if (hasItsTurn || !stdout.includes('"step":"list at the source"')) return;
        hasItsTurn = true;
        goes(deleteStudies(scene));
      },
    });
    expect(run).toMatchObject({ exitCode: 3, summary: { studies: 0, vanishedStudiesInLedger: 1 } });
    expect(run.report['vanished']).toEqual([{ study: study?.uid, date: study?.date }]);
    for (const option of reports) {
      const written = await readFile(join(scene.folder, option), 'utf8');
      expect([written.includes(study?.uid ?? 'no'), written.includes('STUDY_VANISHED')]).toEqual([
        true,
        true,
      ]);
    }
    const later = await scene.run({ more });
    expect(later).toMatchObject({ exitCode: 0, summary: { vanishedStudies: 0, vanishedStudiesInLedger: 1 } });
    await seedOrthanc(scene.orthanc, study?.files ?? []);
    expect(await scene.run({ more })).toMatchObject({ exitCode: 0, summary: { sentImages: 12 } });
  });

  it('calls vanished, not migrated, what is deleted by others after our own deletion failed and an image came', async () => {
    const shape = { studies: 1 };
    await using scene = await openScene({ seed: 'late', archive: {}, seeds: 'orthanc', shape });
    const argv = { more: [...more, '--delete-from-source', '--max-retries=0'] };
    const failing = (wanted: string) =>
      scene.proxy.addFault({ effect: 'answer', status: 500, matching: ({ path }) => path === wanted });
    const again = async () => {
      await scene.run({ command: ['requeue'], more: [...more, '--all'] });
      return scene.run(argv);
    };
    const mayDelete = failing('/tools/bulk-delete');
    expect(await scene.run(argv)).toMatchObject({ exitCode: 3, summary: { deletedInstances: 0 } });
    mayDelete();
    const [late] = synthesized('late', { studies: 1, instancesPerSeries: 7 });
    await seedOrthanc(scene.orthanc, late?.files ?? []);
    failing('/modalities/archive/store');
    expect((await again()).setAside).toMatchObject([{ code: 'ORTHANC_SERVER_ERROR' }]);
    await deleteStudies(scene);
    expect(await again()).toMatchObject({ exitCode: 3, summary: { studies: 0, vanishedStudiesInLedger: 1 } });
  });

  it('looks at a study again that comes back after it was deleted', async () => {
    const shape = { studies: 1 };
    await using scene = await openScene({ seed: 'comes back', archive: {}, seeds: 'orthanc', shape });
    const argv = { more: [...more, '--delete-from-source'] };
    expect(await scene.run(argv)).toMatchObject({ exitCode: 0, summary: { deletedInstances: 12 } });
    await seedOrthanc(scene.orthanc, scene.studies[0]?.files ?? []);
    const again = await scene.run(argv);
    expect(again).toMatchObject({ exitCode: 0, summary: { studies: 1, existingStudiesInLedger: 1 } });
  });

  it.each([
    [
      'its own address as --dest-url',
      (scene: Scene) => ['--destination-peer=archive', `--dest-url=${scene.orthanc.url}`],
    ],
    ['itself as a peer', () => ['--destination-peer=self']],
    ['itself as a modality', () => ['--destination-modality=self']],
  ])('refuses to migrate Orthanc to %s, where it would vouch for itself', async (_, ends) => {
    await using scene = await openScene({ seed: 'itself', archive: {}, seeds: 'orthanc', knowsItself: true });
    const run = await scene.run({
      more: ['--source-modality=none', ...ends(scene), '--delete-from-source'],
    });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('DESTINATION_IS_SOURCE') });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('refuses to delete by the word of another than the peer', async () => {
    await using scene = await openScene({ seed: 'another', archive: {}, seeds: 'orthanc' });
    const ends = ['--destination-peer=archive', `--dest-url=${scene.pacs.orthanc.url}`];
    const run = await scene.run({ more: ['--source-modality=none', ...ends, '--delete-from-source'] });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('DESTINATION_NOT_PEER') });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('deletes nothing of a patient whom the destination knows as somebody else', async () => {
    await using scene = await openScene({
      seed: 'somebody else',
      archive: {},
      seeds: 'orthanc',
      shape: { studies: 1 },
    });
    const [patientId = ''] = await patientsAt(scene);
    await introducePatient(scene, patientId);
    const run = await scene.run({ more: [...more, '--delete-from-source'] });
    expect(run).toMatchObject({
      exitCode: 4,
      summary: { sentImages: 12, deletedInstances: 0, identityConflicts: 1 },
    });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('neither sends nor deletes a study of two patients, of which a modality would make one', async () => {
    await using scene = await openScene({ seed: 'two in one', archive: {}, seeds: 'orthanc' });
    const [shared] = scene.studies;
    await shareStudy(scene);
    const run = await scene.run({ more: [...more, '--delete-from-source'] });
    expect(run).toMatchObject({ exitCode: 3, summary: { deletedInstances: 24, setAsideStudies: 1 } });
    expect(run.setAside[0]?.missingImages.map(({ code }) => code)).toEqual(
      shared?.images.map(() => 'SEVERAL_PATIENTS'),
    );
    expect(await scene.images(scene.orthanc)).toEqual(shared?.images.toSorted());
    const arrived = scene.archive && (await scene.images(scene.archive));
    expect(arrived).toEqual(imagesOf(scene.studies.slice(1)));
  });

  it.each([0, 1])(
    'deletes nothing of a study of two patients where one is known otherwise: %s',
    async (at) => {
      const shape = { studies: 1 };
      await using scene = await openScene({ seed: 'two known', archive: {}, seeds: 'orthanc', shape });
      await shareStudy(scene);
      const patients = (await patientsAt(scene)).toSorted();
      await introducePatient(scene, patients[at] ?? '');
      const run = await scene.run({ more: [...toPeer(scene), '--delete-from-source'] });
      expect(patients).toHaveLength(2);
      expect(run).toMatchObject({
        exitCode: 4,
        summary: { sentImages: 12, deletedInstances: 0, identityConflicts: 1 },
      });
      expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
    },
  );

  it('judges a patient, too, who joins a study that is in hand', async () => {
    const shape = { studies: 1 };
    await using scene = await openScene({ seed: 'joining', archive: {}, seeds: 'orthanc', shape });
    const joining = scene.studies[0]?.files.slice(6).map((file) => ofAnotherPatient(file)) ?? [];
    const [patientId = ''] = await patientsAt(scene);
    await introducePatient(scene, (patientId.startsWith('X') ? 'Y' : 'X') + patientId.slice(1));
    const { promise: isShared, resolve: share } = Promise.withResolvers<unknown>();
    let [hasBegun, searches] = [false, 0];
    const matching = ({ path }: { readonly path: string }) => {
      if (hasBegun && path === '/tools/find') searches += 1;
      // The first tells whose study it is, the second what is in it.
      if (searches === 2) share(seedOrthanc(scene.orthanc, joining));
      return searches === 2;
    };
    scene.proxy.addFault({ effect: 'hold', until: isShared, times: 1, matching });
    const run = await scene.run({
      more: [...toPeer(scene), '--delete-from-source', '--log-level=debug'],
      clock: hurriedClock(20),
      onOutput: (stdout) => {
        hasBegun ||= stdout.includes('"step":"list at the source"');
      },
    });
    expect(run).toMatchObject({ exitCode: 4, summary: { deletedInstances: 0, identityConflicts: 1 } });
    expect(await scene.images(scene.orthanc)).toHaveLength(12 + joining.length);
  });

  it.each([
    ['a modality', () => more],
    ['a peer', toPeer],
  ])('takes nobody else at %s for a patient whose ID looks like a pattern', async (_, ends) => {
    const shape = { studies: 1 };
    await using scene = await openScene({ seed: 'pattern', archive: {}, seeds: 'orthanc', shape });
    const [patientId = ''] = await patientsAt(scene);
    await introducePatient(scene, patientId);
    await deleteStudies(scene);
    await seedOrthanc(
      scene.orthanc,
      scene.studies[0]?.files.map((file) => ofAnotherPatient(file, '*')) ?? [],
    );
    const run = await scene.run({ more: [...ends(scene), '--delete-from-source'] });
    expect(run).toMatchObject({ exitCode: 0, summary: { identityConflicts: 0, deletedInstances: 12 } });
  });

  it('lets an image survive that arrives between proof and deletion', async () => {
    await using scene = await openScene({
      seed: 'late',
      archive: {},
      seeds: 'orthanc',
      shape: { studies: 1 },
    });
    const [late] = synthesized('late', { studies: 1, instancesPerSeries: 7 });
    const news = late?.images.filter((uid) => !imagesOf(scene.studies).includes(uid)) ?? [];
    const files = late?.files.filter((_, at) => news.includes(late.images[at] ?? '')) ?? [];
    const { promise: hasArrived, resolve: arrive } = Promise.withResolvers<unknown>();
    scene.proxy.addFault({
      effect: 'hold',
      times: 1,
      until: hasArrived,
      matching: ({ method, path }) => {
        const isDeletion = method === 'POST' && path === '/tools/bulk-delete';
        if (isDeletion) arrive(seedOrthanc(scene.orthanc, files));
        return isDeletion;
      },
    });
    const run = await scene.run({ more: [...more, '--delete-from-source'] });
    expect(news.length).toBeGreaterThan(0);
    expect(run.exitCode).toBe(0);
    expect(await scene.images(scene.orthanc)).toEqual(news.toSorted());
  });

  it("takes the command line of the Python tool's documentation", async () => {
    await using scene = await openScene({ seed: 'drop-in', archive: {}, seeds: 'orthanc' });
    const argv = [
      `--url=${scene.proxy.url}`,
      ...['--user=user', '--password=pwd', '--destination_modality=archive'],
      ...['--from_study_date=20000101', '--to_study_date=20991231'],
      ...['--night_start_hour=18', '--night_end_hour=6'],
    ];
    const run = await scene.run({ argv });
    expect(run.exitCode).toBe(0);
    expect(scene.archive && (await scene.images(scene.archive))).toEqual(imagesOf(scene.studies));
  });
});

describe('a report', () => {
  it('lists each study and each image that is missing, by name', async () => {
    await using scene = await openScene({ seed: 'report', pacs: {} });
    const lost = scene.studies[1]?.images.slice(0, 2) ?? [];
    await scene.pacs.behave({ neverSends: lost });
    const [csv, log] = [join(scene.folder, 'out.csv'), join(scene.folder, 'errors.log')];
    const run = await scene.run({
      more: [`--csv-report=${csv}`, `--error-log-path=${log}`, '--max-retries=0'],
    });
    expect(run).toMatchObject({ exitCode: 3, summary: { setAsideStudies: 1, missingImages: 2 } });
    const status = await scene.run({ command: ['status'] });
    expect(status.exitCode).toBe(0);
    expect(status.stdout).toContain(scene.studies[1]?.uid);
    expect(run.setAside[0]?.missingImages.map(({ part }) => part).toSorted()).toEqual(lost.toSorted());
    const lines = (await readFile(csv, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1 + 3 + 2);
    for (const uid of lost) expect(lines.some((line) => line.includes(uid))).toBe(true);
    expect(await readFile(log, 'utf8')).toMatch(
      new RegExp(`^\\d{8};${scene.studies[1]?.uid ?? ''};[^;]+;[^;]+;`),
    );
  });

  it('tells an entry of a list by its place, and a search by its days; and may be a list itself', async () => {
    await using scene = await openScene({ seed: 'searches' });
    // The first question is about the range, as searches go first.
    const matching = ({ path }: { readonly path: string }) => path === '/modalities/pacs/query';
    scene.proxy.addFault({ effect: 'answer', status: 400, times: 1, matching });
    const [csv, list] = [join(scene.folder, 'out.csv'), join(scene.folder, 'list.csv')];
    const [wanted] = scene.studies;
    await writeFile(list, `StudyInstanceUID,AccessionNumber\n${wanted?.uid ?? ''},\n,NOSUCH1\n`);
    const more = [`--csv-report=${csv}`, `--studies-file=${list}`, '--max-retries=0', '--skip-undated'];
    const run = await scene.run({ more: [...more, '--worker-threads-count=1'] });
    const summary = { studies: 1, setAsideStudies: 0, setAsideSearches: 2 };
    expect(run).toMatchObject({ exitCode: 3, summary });
    const warned = run.stdout.split('\n').filter((line) => line.includes('"search.set_aside"'));
    const places = ['20240101-20240331', 'entry 2 of the list'];
    for (const place of places) expect(warned.some((line) => line.includes(place))).toBe(true);
    const report = await readFile(csv, 'utf8');
    for (const place of places) expect(report).toContain(`,${place}\n`);
    expect(report).toContain('STUDY_NOT_FOUND');
    expect(run.stdout + report).not.toContain('NOSUCH1');
    const again = ['--from-study-date=none', '--to-study-date=none', `--studies-file=${csv}`];
    const plan = await scene.run({ command: ['plan'], more: again });
    expect(plan).toMatchObject({ exitCode: 0, summary: { listedStudies: 1 } });
  });

  it('tells what was set aside, which a run brings after it was requeued', async () => {
    await using scene = await openScene({ seed: 'requeued' });
    await scene.pacs.behave({ neverSends: scene.studies[1]?.images.slice(0, 2) ?? [] });
    const argv = { more: ['--max-retries=0'] };
    expect(await scene.run(argv)).toMatchObject({ exitCode: 3, summary: { setAsideStudies: 1 } });
    await scene.pacs.behave({});
    expect(await scene.run(argv)).toMatchObject({ exitCode: 3, summary: { studies: 0 } });
    expect((await scene.run({ command: ['requeue'], more: ['--all'] })).exitCode).toBe(0);
    expect(await scene.run(argv)).toMatchObject({ exitCode: 0, summary: { provedStudiesInLedger: 3 } });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });
});
