import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import dcmjs from 'dcmjs';
import { type OrderText, orderText } from './order-message.ts';
import { type Serving, startServing } from './serving.ts';

interface Tags {
  readonly StudyInstanceUID: string;
  readonly PatientName: unknown;
  readonly PatientID: string;
  readonly AccessionNumber: string;
  readonly ScheduledProcedureStepSequence: readonly Readonly<Record<string, unknown>>[];
}

const { DicomMessage, DicomMetaDictionary } = dcmjs.data as unknown as {
  DicomMessage: { readFile(bytes: ArrayBuffer): { dict: unknown } };
  DicomMetaDictionary: { naturalizeDataset(dict: unknown): Tags };
};

const tagsOf = (bytes: Buffer): Tags =>
  DicomMetaDictionary.naturalizeDataset(DicomMessage.readFile(Uint8Array.from(bytes).buffer).dict);

let serving: Serving;

beforeEach(async () => {
  serving = await startServing();
});

afterEach(async () => {
  await serving[Symbol.asyncDispose]();
});

const code = (answer: string): string => /^MSA\|(\w+)/m.exec(answer)?.[1] ?? '';
const send = async (text: OrderText = {}): Promise<string> => code(await serving.send(orderText(text)));
const only = async (beginning?: string): Promise<Tags> => tagsOf(await serving.worklist(beginning));
const patient = (id: string, name = 'Sample^Anna') => `PID|||${id}||${name}||19800102|F`;

describe('the life of an order', () => {
  it('begins with a worklist that keeps its study through every change', async () => {
    expect(await send()).toBe('AA');
    const first = await only();
    expect(await send({ orc: 'ORC|XO|P1^RIS|F1^RIS||SC||^^^20260204120000' })).toBe('AA');
    const second = await only();
    expect(second.StudyInstanceUID).toBe(first.StudyInstanceUID);
    expect(second.ScheduledProcedureStepSequence[0]).toMatchObject({
      ScheduledProcedureStepStartDate: '20260204',
    });
  });

  it('keeps a study UID of its own, and does not take another later', async () => {
    await send({ obr: 'OBR|1|P1^RIS|F1^RIS|CT1^Chest^L\rZDS|1.2.3' });
    await send({ orc: 'ORC|XO|P1^RIS|F1^RIS' });
    expect((await only()).StudyInstanceUID).toBe('1.2.3');
    await send({ orc: 'ORC|XO|P1^RIS|F1^RIS', obr: 'OBR|1|P1^RIS|F1^RIS|CT1^Chest^L\rZDS|9.9.9' });
    expect((await only()).StudyInstanceUID).toBe('1.2.3');
    expect(serving.log.join('')).toContain('STUDY_UID_KEPT');
  });

  it('keeps the accession number that came from a number which a change leaves out', async () => {
    await send({ obr: 'OBR|1|P1^RIS|F1^RIS|X^Y||||||||||||||||S1||||CT' });
    expect((await only()).AccessionNumber).toBe('F1');
    await send({ orc: 'ORC|XO|P1^RIS', obr: 'OBR|1|P1^RIS||X^Y||||||||||||||||S1||||CT' });
    expect((await only()).AccessionNumber).toBe('F1');
  });

  it('keeps what a change does not say: the start, the modality, the station', async () => {
    await send();
    await send({ orc: 'ORC|XO|P1^RIS|F1^RIS', obr: 'OBR|1|P1^RIS|F1^RIS|CT1^Chest^L||||||||||||||A1|R1|S1' });
    expect((await only()).ScheduledProcedureStepSequence[0]).toMatchObject({
      ScheduledProcedureStepStartDate: '20260203',
      Modality: 'CT',
    });
  });

  it('keeps what a change does not say of the patient and the procedure, and empties what it deletes', async () => {
    await send();
    await send({
      pid: 'PID|||4711^^^HOSP||Sample^Anna',
      orc: 'ORC|XO|P1^RIS|F1^RIS',
      obr: 'OBR|1|P1^RIS|F1^RIS',
    });
    expect(await only('A1-')).toMatchObject({
      PatientBirthDate: '19800102',
      PatientSex: 'F',
      AccessionNumber: 'A1',
      RequestedProcedureDescription: 'CT of the chest',
      RequestedProcedureCodeSequence: [{ CodeValue: 'CT1' }],
    });
    await send({
      pid: 'PID|||4711^^^HOSP||Sample^Anna||""',
      orc: 'ORC|XO|P1^RIS|F1^RIS',
      obr: 'OBR|1|P1^RIS|F1^RIS|^Other',
    });
    const after = await only();
    expect(after).toMatchObject({ PatientSex: 'F', RequestedProcedureDescription: 'Other' });
    expect(JSON.stringify(after)).not.toMatch(/19800102|CT1/);
  });

  it('ends with a cancellation, which may come twice, without a patient, and before the order', async () => {
    expect(await send({ orc: 'ORC|CA|P1^RIS|F1^RIS' })).toBe('AA');
    await send();
    expect(await send({ pid: 'NTE|1', orc: 'ORC|CA|P1^RIS', obr: 'NTE|2' })).toBe('AA');
    expect(await serving.names()).toEqual([]);
    expect(await send({ orc: 'ORC|OC|P1^RIS|F1^RIS' })).toBe('AA');
  });

  it('ends with the examination, and begins anew under the same study when it is ordered again', async () => {
    await send();
    const { StudyInstanceUID } = await only();
    await send({ orc: 'ORC|SC|P1^RIS|F1^RIS||CM' });
    expect(await serving.names()).toEqual([]);
    await send();
    expect((await only()).StudyInstanceUID).toBe(StudyInstanceUID);
  });

  it('tells that the examination has begun, and changes nothing else', async () => {
    await send();
    await send({ orc: 'ORC|SC|P1^RIS|F1^RIS||IP', obr: 'OBR|1|P1^RIS|F1^RIS|X^Other' });
    expect((await only()).ScheduledProcedureStepSequence[0]).toMatchObject({
      ScheduledProcedureStepStatus: 'STARTED',
      ScheduledProcedureStepDescription: 'CT of the chest',
    });
  });

  it('schedules a complete order of which only a status is told', async () => {
    expect(await send({ orc: 'ORC|SC|P1^RIS|F1^RIS||SC' })).toBe('AA');
    expect(await serving.names()).toHaveLength(1);
  });

  it('cancels one step of two', async () => {
    const obr = ['S1', 'S2']
      .map((step) => `OBR|1|P1^RIS|F1^RIS|X^Y||||||||||||||A1|R1|${step}||||CT`)
      .join('\r');
    await send({ obr });
    expect(await serving.names()).toHaveLength(2);
    await send({ orc: 'ORC|CA|P1^RIS|F1^RIS', obr: 'OBR|1|P1^RIS|F1^RIS|X^Y||||||||||||||A1|R1|S2' });
    expect((await only()).ScheduledProcedureStepSequence[0]).toMatchObject({
      ScheduledProcedureStepID: 'S1',
    });
  });

  it('ends a step that has ended already without ending the one that is left', async () => {
    const obr = (...steps: string[]) =>
      steps.map((step) => `OBR|1|P1^RIS|F1^RIS|X^Y||||||||||||||A1|R1|${step}||||CT`).join('\r');
    await send({ obr: obr('S1', 'S2') });
    await send({ orc: 'ORC|SC|P1^RIS|F1^RIS||CM', obr: obr('S1') });
    expect(await send({ orc: 'ORC|CA|P1^RIS|F1^RIS', obr: obr('S1') })).toBe('AA');
    expect((await only()).ScheduledProcedureStepSequence[0]).toMatchObject({
      ScheduledProcedureStepID: 'S2',
    });
  });

  it('leaves a step with a name of its own to a cancellation that names another', async () => {
    const obr = (step: string) => `OBR|1|P1^RIS|F1^RIS|X^Y||||||||||||||A1|R1|${step}||||CT`;
    await send({ obr: obr('S1') });
    expect(await send({ orc: 'ORC|CA|P1^RIS|F1^RIS', obr: obr('S2') })).toBe('AA');
    expect((await only()).ScheduledProcedureStepSequence[0]).toMatchObject({
      ScheduledProcedureStepID: 'S1',
    });
    expect(await send({ orc: 'ORC|CA|P1^RIS|F1^RIS', obr: obr('S1') })).toBe('AA');
    expect(await serving.names()).toEqual([]);
  });

  it('tells of one step only that it has begun', async () => {
    const obr = (...steps: string[]) =>
      steps.map((step) => `OBR|1|P1^RIS|F1^RIS|X^Y||||||||||||||A1|R1|${step}||||CT`).join('\r');
    await send({ obr: obr('S1', 'S2') });
    await send({ orc: 'ORC|SC|P1^RIS|F1^RIS||IP', obr: obr('S1') });
    await send({ orc: 'ORC|CA|P1^RIS|F1^RIS', obr: obr('S1') });
    expect((await only()).ScheduledProcedureStepSequence[0]).toMatchObject({
      ScheduledProcedureStepID: 'S2',
      ScheduledProcedureStepStatus: 'SCHEDULED',
    });
  });

  it('does not merge two patients who have the same numbers', async () => {
    const numbers = { orc: 'ORC|NW|1|2', obr: 'OBR|1|1|2|X^Y||||||||||||||A1' };
    await send({ ...numbers, pid: patient('7') });
    await send({ ...numbers, pid: patient('8', 'Other^Ben') });
    expect(await serving.names()).toHaveLength(2);
    expect(await send({ pid: 'NTE|1', orc: 'ORC|CA|1|2', obr: 'NTE|2' })).toBe('AE');
    expect(await serving.names()).toHaveLength(2);
    expect(await send({ pid: patient('8', 'Other^Ben'), orc: 'ORC|CA|1|2', obr: 'NTE|2' })).toBe('AA');
    expect((await only()).PatientID).toBe('7');
  });

  it('does not take the same numbers of two hospitals for one patient', async () => {
    const numbers = { orc: 'ORC|NW|1|2', obr: 'OBR|1|1|2|X^Y||||||||||||||A1' };
    const from = (facility: string, id: string) =>
      `MSH|^~\\&|RIS|${facility}|||20260102||ORM^O01|${id}|P|2.5`;
    await send({ ...numbers, msh: from('NORTH', '1'), pid: patient('7') });
    await send({ ...numbers, msh: from('SOUTH', '1'), pid: patient('7', 'Other^Ben') });
    expect(await serving.names()).toHaveLength(2);
  });

  it('refuses the study UID of another patient', async () => {
    await send({ pid: patient('7'), obr: 'OBR|1|P1^RIS|F1^RIS|X^Y\rZDS|1.2.3' });
    const answer = await serving.send(
      orderText({ pid: patient('8'), orc: 'ORC|NW|P2^RIS', obr: 'OBR|1|P2^RIS||X^Y\rZDS|1.2.3' }),
    );
    expect(answer).toContain('205^Duplicate key identifier^HL70357');
    expect(await serving.names()).toHaveLength(1);
  });

  it('answers the same to the same bytes, and does nothing again', async () => {
    const message = orderText();
    const first = await serving.send(message);
    await send({ orc: 'ORC|CA|P1^RIS|F1^RIS' });
    expect(await serving.send(message)).toBe(first);
    expect(await serving.names()).toEqual([]);
  });

  it('takes the same bytes for an order made again where messages bear no number', async () => {
    const message = orderText({ msh: 'MSH|^~\\&|RIS|HOSP|||20260102||ORM^O01||P|2.5' });
    expect(code(await serving.send(message))).toBe('AA');
    await send({ orc: 'ORC|CA|P1^RIS|F1^RIS' });
    expect(await serving.names()).toEqual([]);
    expect(code(await serving.send(message))).toBe('AA');
    expect(await serving.names()).toHaveLength(1);
  });

  it('takes the same control number with another content for another message', async () => {
    const msh = 'MSH|^~\\&|RIS|HOSP|||20260102||ORM^O01|1|P|2.5';
    await send({ msh });
    await send({ msh, orc: 'ORC|NW|P2^RIS', obr: 'OBR|1|P2^RIS||X^Y||||||||||||||A2' });
    expect(await serving.names()).toHaveLength(2);
  });

  it.each(['../../etc/x', 'a/b', 'CON', 'A'.repeat(200), 'é*?"<>|', '.', ''])(
    'gives a safe name to the order %j',
    async (number) => {
      const obr = `OBR|1|P1^RIS|F1^RIS|X^Y||||||||||||||${number.replaceAll('|', '')}`;
      expect(await send({ obr })).toBe('AA');
      expect(await serving.names()).toEqual([
        expect.stringMatching(/^[A-Za-z0-9_-]{1,40}-[0-9a-f]{12}\.wl$/),
      ]);
    },
  );

  it('leaves the files of others alone, whatever becomes of its own', async () => {
    await writeFile(join(serving.folder, 'foreign.wl'), 'not ours');
    await writeFile(join(serving.folder, '.foreign.tmp'), 'not ours');
    await send();
    await send({ orc: 'ORC|CA|P1^RIS|F1^RIS' });
    expect(await serving.names()).toEqual(['foreign.wl']);
    await serving.stop();
    await using next = await startServing({ place: serving.place });
    expect(await next.names()).toEqual(['foreign.wl']);
  });

  it('goes on after a restart where it was', async () => {
    await send();
    const { StudyInstanceUID } = await only();
    await serving.stop();
    await using next = await startServing({ place: serving.place });
    await next.send(orderText({ orc: 'ORC|XO|P1^RIS|F1^RIS' }));
    expect(tagsOf(await next.worklist()).StudyInstanceUID).toBe(StudyInstanceUID);
    await next.send(orderText({ orc: 'ORC|CA|P1^RIS|F1^RIS' }));
    expect(await next.names()).toEqual([]);
  });
});

describe('options of the site', () => {
  it('let a released order be seen again, though the release has no patient', async () => {
    await serving.stop();
    await using hiding = await startServing({ place: serving.place, options: { onHold: 'hide' } });
    await hiding.send(orderText());
    await hiding.send(orderText({ orc: 'ORC|HD|P1^RIS|F1^RIS' }));
    expect(await hiding.names()).toEqual([]);
    const release = orderText({ pid: 'NTE|1', orc: 'ORC|RL|P1^RIS|F1^RIS', obr: 'NTE|2' });
    expect(await hiding.send(release)).toContain('MSA|AA');
    expect(await hiding.names()).toHaveLength(1);
  });

  it('let a step be ended whose identifier was too long', async () => {
    await serving.stop();
    await using hashing = await startServing({
      place: serving.place,
      options: { longIdentifiers: 'hash' },
    });
    const obr = (...steps: string[]) =>
      steps
        .map((step) => `OBR|1|P1^RIS|F1^RIS|X^Y||||||||||||||A1|R1|STEP-LONGER-THAN-16-${step}||||CT`)
        .join('\r');
    await hashing.send(orderText({ obr: obr('1', '2') }));
    await hashing.send(orderText({ orc: 'ORC|CA|P1^RIS|F1^RIS', obr: obr('1') }));
    expect(await hashing.names()).toHaveLength(1);
  });

  it('let an order without accession number be cancelled by its other numbers', async () => {
    await serving.stop();
    const profile = join(serving.place, 'profile.yml');
    await writeFile(profile, 'name: site\nsources:\n  AccessionNumber: [OBR-18.1]\n');
    await using own = await startServing({ place: serving.place, options: { profile } });
    await own.send(orderText());
    expect(await own.send(orderText({ pid: 'NTE|1', orc: 'ORC|CA|P1^RIS', obr: 'NTE|2' }))).toContain(
      'MSA|AA',
    );
    expect(await own.names()).toEqual([]);
  });
});

/** A number of its own for an order. */
const numbered = (number: string): OrderText => ({
  orc: `ORC|NW|P${number}^RIS`,
  obr: `OBR|1|P${number}^RIS||X^Y||||||||||||||A${number}`,
});

/** How the messages of one frame are answered. */
async function together(to: Serving, messages: readonly string[]): Promise<string[]> {
  await using sender = await to.connect();
  // What is an answer itself is not answered: it only waits for one more answer to the frame.
  const waiting = messages.slice(1).map(() => 'MSH|^~\\&|A|B|||2026||ACK|1|P|2.5\rMSA|AA|1');
  const answers = [messages.join('\r'), ...waiting].map((frame) => sender.send(Buffer.from(frame)));
  return (await Promise.all(answers)).map((answer) => code(String(answer).replaceAll('\r', '\n')));
}

describe('what is no order', () => {
  it('because a value is larger than a worklist can hold is told so', async () => {
    const more = Array.from({ length: 1100 }, (_, at) => `AL1|${String(at)}||^${'W'.repeat(64)}`);
    expect(await serving.send(orderText({ more }))).toContain('102^Data type error');
    expect(await send()).toBe('AA');
  });

  it('because values are too large, three times in a row, holds up no order that comes with it', async () => {
    const more = Array.from({ length: 1100 }, (_, at) => `AL1|${String(at)}||^${'W'.repeat(64)}`);
    const large = ['1', '2', '3'].map((number) => orderText({ ...numbered(number), more }));
    const batch = [...large, orderText(numbered('4'))];
    expect(await together(serving, batch)).toEqual(['AE', 'AE', 'AE', 'AA']);
    expect(await serving.names()).toHaveLength(1);
  });

  it('is taken while the folder of worklists is away, whatever comes with it', async () => {
    await serving.stop();
    await using lenient = await startServing({ place: serving.place, options: { ignore: ['ADT'] } });
    const adt = 'MSH|^~\\&|RIS|HOSP|||20260102||ADT^A08|A8|P|2.5\rPID|||4711';
    const orders = ['1', '2', '3', '4'].map((number) => orderText(numbered(number)));
    await rename(lenient.folder, `${lenient.folder}.away`);
    expect(await together(lenient, [...orders, adt])).toEqual(['AE', 'AE', 'AE', 'AE', 'AA']);
  });

  it.each([
    ['ADT^A01', 'AR', '200^Unsupported message type'],
    ['ORM^O99', 'AR', '201^Unsupported event code'],
    ['', 'AR', '200^Unsupported message type'],
  ])('%s is answered %s', async (type, expected, why) => {
    const answer = await serving.send(`MSH|^~\\&|A|B|||20260102||${type}|1|P|2.5\rPID|||1`);
    expect([code(answer), answer]).toEqual([expected, expect.stringContaining(why)]);
  });

  it('of an unusable header is rejected, of an answer is not answered', async () => {
    expect(code(await serving.send('MSH|????|A'))).toBe('AR');
    expect(code(await serving.send('nonsense'))).toBe('AR');
    await using sender = await serving.connect();
    const next = sender.send(Buffer.from('MSH|^~\\&|A|B|||2026||ACK|1|P|2.5\rMSA|AA|1'));
    sender.send(Buffer.from(orderText())).catch(() => undefined);
    // The first answer on this connection is that to the order.
    expect(String(await next)).toMatch(/ACK\^O01/);
  });

  it('names no patient in the log', async () => {
    await send({ pid: patient('SECRETID', 'Secretname^Anna') });
    await send({ pid: patient('SECRETID', 'Secretname^Anna'), orc: 'ORC|QQ|1' });
    await serving.logged('message.refused');
    expect(serving.log.join('')).not.toMatch(/SECRETID|Secretname/i);
  });

  it('in a batch is answered message by message', async () => {
    const batch = [
      'FHS|^~\\&',
      'BHS|^~\\&',
      orderText(),
      orderText({ orc: 'ORC|QQ|9' }),
      'BTS|2',
      'FTS|1',
    ].join('\r');
    await using sender = await serving.connect();
    const [first, second] = await Promise.all([
      sender.send(Buffer.from(batch)),
      sender.send(Buffer.from(orderText({ orc: 'ORC|AF|1' }))),
    ]);
    expect([first, second].map((one) => code(String(one).replaceAll('\r', '\n')))).toEqual(['AA', 'AE']);
    expect(await serving.names()).toHaveLength(1);
  });
});
