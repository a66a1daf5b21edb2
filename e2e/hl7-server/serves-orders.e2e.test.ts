import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, openTestbed } from '@orthanc-tools/orthanc-testbed';
import { findWorklists, hasDcmtk } from './find-worklists.ts';
import { type OrderParts, orderBytes, orderText } from './order-text.ts';
import { type RunningServer, startServer } from './running-server.ts';

const withClient = hasDcmtk ? describe : describe.skip;

/** Names as bytes of HL7 and as bytes of DICOM: those of PS3.5 annexes H to K, and what they read. */
interface NamedOrder {
  readonly id: string;
  readonly charset: string;
  readonly hl7: string;
  readonly terms: string;
  readonly dicom: string;
  readonly read: string;
}

const latin = (text: string) => Buffer.from(text, 'latin1');
const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

const names: readonly NamedOrder[] = [
  {
    id: '1001',
    charset: '8859/1',
    hl7: 'Buc^J\xe9r\xf4me',
    terms: 'ISO_IR 100',
    dicom: 'Buc^J\xe9r\xf4me',
    read: 'Buc^Jérôme',
  },
  {
    id: '1002',
    charset: '8859/7',
    hl7: '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2',
    terms: 'ISO_IR 126',
    dicom: '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2',
    read: 'Διονυσιος',
  },
  {
    id: '1003',
    charset: '8859/5',
    hl7: '\xbb\xee\xdace\xdc\xd1yp\xd3',
    terms: 'ISO_IR 144',
    dicom: '\xbb\xee\xdace\xdc\xd1yp\xd3',
    read: 'Люкceмбypг',
  },
  {
    id: '1004',
    charset: '~ISO IR87',
    hl7: 'Yamada^Tarou^^^^^L^A~\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B^^^^^L^I~\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B^^^^^L^P',
    terms: '\\ISO 2022 IR 87',
    dicom: 'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
    read: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
  },
  {
    id: '1005',
    charset: 'KS X 1001',
    hl7: 'Hong^Gildong^^^^^L^A~\xfb\xf3^\xd1\xce\xd4\xd7^^^^^L^I~\xc8\xab^\xb1\xe6\xb5\xbf^^^^^L^P',
    // In the set of its own Orthanc would damage it.
    terms: 'ISO_IR 192',
    dicom: utf8('Hong^Gildong=洪^吉洞=홍^길동'),
    read: 'Hong^Gildong=洪^吉洞=홍^길동',
  },
  {
    id: '1006',
    charset: 'GB 18030-2000',
    hl7: 'Wang^XiaoDong^^^^^L^A~\xcd\xf5^\xd0\xa1\xb6\xab^^^^^L^I',
    terms: 'GB18030',
    dicom: 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab',
    read: 'Wang^XiaoDong=王^小东',
  },
  {
    id: '1007',
    charset: 'UNICODE UTF-8',
    hl7: utf8('Wang^XiaoDong^^^^^L^A~王^小東^^^^^L^I'),
    terms: 'ISO_IR 192',
    dicom: utf8('Wang^XiaoDong=王^小東'),
    read: 'Wang^XiaoDong=王^小東',
  },
  { id: '1008', charset: 'ASCII', hl7: 'Plain^Jane', terms: '', dicom: 'Plain^Jane', read: 'Plain^Jane' },
];

withClient('a real Orthanc with its classic worklist plugin, asked by DCMTK', () => {
  let folder: string;
  let orthanc: RunningOrthanc;
  let server: RunningServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hl7-e2e-'));
    // Both must see the folder: no container can.
    const testbed = await openTestbed({ provider: 'native' });
    const worklists = join(folder, 'worklists');
    server = await startServer({
      argv: ['--folder', worklists, '--journal-path', join(folder, 'journal.sqlite')],
    });
    orthanc = await testbed.startOrthanc({
      configuration: {
        Worklists: { Enable: true, Database: worklists },
        DicomAlwaysAllowFindWorklist: true,
        // In this Orthanc answers, whatever a worklist is written in, and leaves out what it does not have.
        DefaultEncoding: 'Utf8',
      },
    });
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await orthanc[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const order = async (parts: OrderParts) => {
    expect(await server.send(orderText({ name: `Name${parts.id}^Anna`, ...parts }))).toContain('MSA|AA');
  };
  const accessions = async (asked: Parameters<typeof findWorklists>[1]) =>
    (await findWorklists(orthanc, asked)).map(({ accession }) => accession);

  it('finds exactly the orders of a station, a day, a modality and a name', async () => {
    await order({ id: '1', station: 'CT1', modality: 'CT', date: '20300115' });
    await order({ id: '2', station: 'CT2', modality: 'CT', date: '20300115' });
    await order({ id: '3', station: 'CT1', modality: 'MR', date: '20300116' });
    expect(await accessions({})).toEqual(['A1', 'A2', 'A3']);
    expect(await accessions({ step: { ScheduledStationAETitle: 'CT1' } })).toEqual(['A1', 'A3']);
    expect(await accessions({ step: { ScheduledProcedureStepStartDate: '20300115' } })).toEqual(['A1', 'A2']);
    expect(await accessions({ step: { ScheduledProcedureStepStartDate: '20300116-20300131' } })).toEqual([
      'A3',
    ]);
    expect(await accessions({ step: { Modality: 'MR' } })).toEqual(['A3']);
    expect(await accessions({ root: { PatientName: 'NAME2*' } })).toEqual(['A2']);
    expect(await accessions({ step: { ScheduledStationAETitle: 'CT1', Modality: 'CT' } })).toEqual(['A1']);
  });

  it('finds a changed order where it is now, and a cancelled one no longer', async () => {
    for (const id of ['1', '3']) await order({ id, date: '20300101' });
    await order({ id: '1', control: 'XO', station: 'CT9', date: '20300120' });
    expect(await accessions({ step: { ScheduledStationAETitle: 'CT9' } })).toEqual(['A1']);
    expect(
      await accessions({
        step: { ScheduledStationAETitle: 'CT1', ScheduledProcedureStepStartDate: '20300101' },
      }),
    ).toEqual(['A3']);
    for (const id of ['1', '2', '3']) await order({ id, control: 'CA' });
    expect(await accessions({})).toEqual([]);
  });

  it.each(names)('tells the name of $charset: $read', async ({ id, charset, hl7, terms, dicom, read }) => {
    expect(await server.send(orderBytes({ id, charset }, latin(hl7)))).toContain('MSA|AA');
    const [file = ''] = (await readdir(join(folder, 'worklists'))).filter((name) =>
      name.startsWith(`A${id}-`),
    );
    const bytes = (await readFile(join(folder, 'worklists', file))).toString('latin1');
    const name = latin(dicom);
    const length = name.length + (name.length % 2);
    const padded = dicom.padEnd(length, ' ');
    // Tag, VR and length before the value, so that nothing else can be meant.
    expect(bytes).toContain(`\x10\x00\x10\x00PN${String.fromCharCode(length)}\x00${padded}`);
    if (terms !== '') expect(bytes).toContain(terms);
    else expect(bytes).not.toContain('\x08\x00\x05\x00CS');
    expect(await findWorklists(orthanc, { root: { AccessionNumber: `A${id}` } })).toEqual([
      { accession: `A${id}`, name: read },
    ]);
  });
});
