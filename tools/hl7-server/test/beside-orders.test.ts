import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createCertificates } from '@orthanc-tools/orthanc-testbed';
import { connectSender } from '@orthanc-tools/mllp';
import { runTool } from '@orthanc-tools/tool-runtime';
import { hl7ServerTool } from '../src/hl7-server.ts';
import { orderText } from './order-message.ts';
import { startServing } from './serving.ts';

const adt = (event: string, ...segments: string[]) =>
  [`MSH|^~\\&|RIS|HOSP|||20260102||ADT^${event}|${event}1|P|2.5`, ...segments].join('\r');

async function command(...argv: string[]): Promise<{ exitCode: number; text: string }> {
  let text = '';
  const stream = { write: (part: string) => (text += part) };
  const exitCode = await runTool(hl7ServerTool, { argv, env: {}, stdout: stream, stderr: stream });
  return { exitCode, text };
}

describe('an update of a patient', () => {
  it('rewrites open worklists when that is switched on', async () => {
    await using serving = await startServing({ options: { patientUpdates: true } });
    await serving.send(orderText());
    const update = adt('A08', 'PID|||4711^^^HOSP||Married^Anna||19800102|F');
    expect(await serving.send(update)).toContain('MSA|AA');
    expect(String(await serving.worklist())).toContain('Married^Anna');
  });

  it('moves them to the patient who remains after a merge', async () => {
    await using serving = await startServing({ options: { patientUpdates: true } });
    await serving.send(orderText());
    const merge = adt('A40', 'PID|||9999^^^HOSP||Sample^Anna||19800102|F', 'MRG|4711^^^HOSP');
    expect(await serving.send(merge)).toContain('MSA|AA');
    expect(String(await serving.worklist())).toContain('9999');
    expect(
      await serving.send(orderText({ pid: 'PID|||9999^^^HOSP||Sample^Anna', orc: 'ORC|CA|P1^RIS|F1^RIS' })),
    ).toContain('MSA|AA');
    expect(await serving.names()).toEqual([]);
  });

  it('keeps what it does not say, and empties what it says is nothing', async () => {
    await using serving = await startServing({ options: { patientUpdates: true } });
    await serving.send(orderText());
    expect(await serving.send(adt('A40', 'PID|||9999^^^HOSP', 'MRG|4711^^^HOSP'))).toContain('MSA|AA');
    expect(String(await serving.worklist())).toMatch(/Sample\^Anna[^]*9999[^]*19800102/);
    expect(await serving.send(adt('A08', 'PID|||9999^^^HOSP||||""'))).toContain('MSA|AA');
    const worklist = String(await serving.worklist());
    expect([worklist.includes('Sample^Anna'), worklist.includes('19800102')]).toEqual([true, false]);
  });

  it('merges each patient of a message, whichever of several identifiers is the preferred one', async () => {
    await using serving = await startServing({ options: { patientUpdates: true } });
    const profile = join(serving.place, 'profile.yml');
    await writeFile(profile, 'name: site\nassigningAuthorities: [HOSP]\n');
    await serving.stop();
    await using next = await startServing({
      place: serving.place,
      options: { patientUpdates: true, profile },
    });
    await next.send(orderText());
    await next.send(
      orderText({
        pid: 'PID|||4712^^^HOSP||Other^Ben',
        orc: 'ORC|NW|P2^RIS',
        obr: 'OBR|1|P2^RIS||X^Y||||||||||||||A2',
      }),
    );
    const merge = adt(
      'A40',
      ...['PID|||9991^^^HOSP', 'MRG|1^^^CITY~4711^^^HOSP', 'PID|||9992^^^HOSP', 'MRG|2^^^CITY~4712^^^HOSP'],
    );
    expect(await next.send(merge)).toContain('MSA|AA');
    const [one, other] = [await next.worklist('A1-'), await next.worklist('A2-')].map(String);
    expect([one?.includes('9991'), other?.includes('9992')]).toEqual([true, true]);
  });

  it('is refused otherwise, or accepted without effect where the sender must not stop', async () => {
    await using strict = await startServing();
    expect(await strict.send(adt('A08', 'PID|||4711'))).toContain('MSA|AR');
    await using lenient = await startServing({ options: { ignore: ['ADT'] } });
    expect(await lenient.send(adt('A08', 'PID|||4711'))).toContain('MSA|AA');
  });
});

describe('a folder of messages', () => {
  it('is read, file by file; what is refused is set aside', async () => {
    await using serving = await startServing();
    const folder = join(serving.place, 'inbox');
    await mkdir(folder);
    await serving.stop();
    await using watching = await startServing({
      place: serving.place,
      options: { watchFolder: folder, watchInterval: 100 },
    });
    await writeFile(join(folder, 'order.hl7'), `\uFEFF${orderText().replaceAll('\r', '\r\n')}`);
    await writeFile(join(folder, 'wrong.hl7'), orderText({ orc: 'ORC|QQ|1' }));
    await watching.logged('file.refused');
    await watching.logged('message.applied');
    while ((await readdir(folder)).includes('order.hl7')) await new Promise(setImmediate);
    expect(await readdir(folder)).toEqual(['refused']);
    expect(await readdir(join(folder, 'refused'))).toEqual(['wrong.hl7']);
    expect(await watching.names()).toHaveLength(1);
  });
});

describe('a folder of messages with files of all kinds', () => {
  it('goes on past one that cannot be read, sets aside what is too large, and needs no answer', async () => {
    await using serving = await startServing();
    const folder = join(serving.place, 'inbox');
    // As long as a name may be: beside one that is there already, there is no other for it.
    const stuck = `b${'x'.repeat(250)}.hl7`;
    await mkdir(join(folder, 'refused', stuck), { recursive: true });
    await serving.stop();
    await writeFile(join(folder, 'a-large.hl7'), Buffer.alloc(1_100_000, 'x'));
    await writeFile(join(folder, stuck), orderText({ orc: 'ORC|QQ|1' }));
    const msh = 'MSH|^~\\&|RIS|HOSP|||20260102||ORM^O01|1|P|2.5|||NE|NE';
    await writeFile(join(folder, 'c-order.hl7'), orderText({ msh }));
    await using watching = await startServing({
      place: serving.place,
      options: { watchFolder: folder, watchInterval: 100, maxFrameMegabytes: 1 },
    });
    await watching.logged('file.unusable');
    await watching.logged('message.applied');
    while ((await readdir(folder)).includes('c-order.hl7')) await new Promise(setImmediate);
    expect((await readdir(folder)).sort()).toEqual([stuck, 'refused']);
    expect((await readdir(join(folder, 'refused'))).sort()).toEqual(['a-large.hl7', stuck]);
    expect(await watching.names()).toHaveLength(1);
  });
});

describe('encrypted connections', () => {
  it('are for clients with a certificate, where one is asked for', async () => {
    const { authority, server, client } = await createCertificates();
    await using first = await startServing();
    const file = async (name: string, text: string) => {
      await writeFile(join(first.place, name), text);
      return join(first.place, name);
    };
    const options = {
      tlsCert: await file('cert.pem', server.cert),
      tlsKey: await file('key.pem', server.key),
      tlsClientCa: await file('ca.pem', authority),
    };
    await first.stop();
    await using serving = await startServing({ place: first.place, options });
    const to = { host: 'localhost', port: serving.port };
    await using sender = await connectSender({ ...to, tls: { ca: authority, ...client } });
    expect(String(await sender.send(Buffer.from(orderText())))).toContain('MSA|AA');
    const stranger = await connectSender({ ...to, tls: { ca: authority } });
    await expect(stranger.send(Buffer.from(orderText()))).rejects.toMatchObject({ code: 'MLLP_NO_ANSWER' });
  });
});

describe('retention', () => {
  it('removes a worklist once its time is over, and not before', async () => {
    await using serving = await startServing({ options: { retention: 1 } });
    await serving.send(orderText({ orc: 'ORC|NW|P1^RIS|F1^RIS||SC||^^^20200101' }));
    await serving.send(
      orderText({ orc: 'ORC|NW|P2^RIS', obr: 'OBR|1|P2^RIS||X^Y||||||||||||||A2||||||||||||||||||20990101' }),
    );
    await serving.stop();
    await using next = await startServing({ place: serving.place, options: { retention: 1 } });
    await next.logged('worklists.removed');
    expect(await next.names()).toEqual([expect.stringContaining('A2-')]);
  });
});

describe('a worklist that the journal took for removed', () => {
  it('goes with the cancellation all the same', async () => {
    await using serving = await startServing();
    await serving.send(orderText());
    const [name = ''] = await serving.names();
    const content = await serving.worklist();
    await serving.send(orderText({ orc: 'ORC|SC|P1^RIS|F1^RIS||CM' }));
    await writeFile(join(serving.folder, name), content);
    expect(await serving.send(orderText({ orc: 'ORC|CA|P1^RIS|F1^RIS' }))).toContain('MSA|AA');
    expect(await serving.names()).toEqual([]);
  });
});

describe('the commands', () => {
  it('show what became of messages, and let them be applied again', async () => {
    await using serving = await startServing();
    const journal = ['--journal-path', join(serving.place, 'journal.sqlite')];
    await serving.send(orderText({ orc: 'ORC|QQ|1' }));
    await serving.send(orderText());
    const { text } = await command('status', ...journal);
    expect(text).toContain('tableValue');
    await serving.send(orderText({ orc: 'ORC|CA|P1^RIS|F1^RIS' }));
    expect(await serving.names()).toEqual([]);
    expect((await command('replay', '--message', '2', ...journal)).text).toContain(
      '1 messages are applied again now',
    );
    await serving.logged('messages.replayed');
    expect(await serving.names()).toHaveLength(1);
  });

  it('show once what its sender repeats in vain', async () => {
    await using serving = await startServing();
    const message = orderText({ orc: 'ORC|QQ|1' });
    for (let n = 0; n < 3; n += 1) await serving.send(message);
    await serving.send(orderText({ orc: 'ORC|QQ|2' }));
    const { text } = await command(
      'replay',
      '--refused',
      '--journal-path',
      join(serving.place, 'journal.sqlite'),
    );
    expect(text).toContain('2 messages');
  });

  it('apply nothing again that its sender repeated with success', async () => {
    await using serving = await startServing();
    const journal = ['--journal-path', join(serving.place, 'journal.sqlite')];
    const message = orderText();
    await rename(serving.folder, `${serving.folder}.away`);
    expect(await serving.send(message)).not.toContain('MSA|AA');
    await rename(`${serving.folder}.away`, serving.folder);
    expect(await serving.send(message)).toContain('MSA|AA');
    await serving.send(orderText({ orc: 'ORC|CA|P1^RIS|F1^RIS' }));
    expect(await serving.names()).toEqual([]);
    await command('replay', '--refused', ...journal);
    await serving.logged('messages.replayed');
    expect(await serving.names()).toEqual([]);
    expect((await command('replay', '--refused', ...journal)).text).toContain('0 messages');
  });

  it('show what a message would become, by a profile of the site', async () => {
    await using serving = await startServing();
    const [message, profile] = [join(serving.place, 'order.hl7'), join(serving.place, 'profile.yml')];
    await writeFile(message, orderText());
    await writeFile(
      profile,
      'name: site\nsources:\n  AccessionNumber: [OBR-19.1]\ndefaults:\n  ScheduledStationAETitle: CT_A\n',
    );
    const tried = await command('try', '--profile', profile, message);
    expect([tried.exitCode, tried.text]).toEqual([
      0,
      expect.stringMatching(/AccessionNumber +R1\n[^]*AETitle +CT_A/),
    ]);
    await writeFile(profile, 'sources:\n  AccessionNumber: [nonsense]\nunknown: 1\n');
    const wrong = await command('try', '--profile', profile, message);
    expect([wrong.exitCode, wrong.text]).toEqual([2, expect.stringMatching(/"unknown"[^]*/)]);
  });

  it('find what is wrong with the setup', async () => {
    await using serving = await startServing();
    const argv = [
      'doctor',
      '--folder',
      serving.folder,
      '--journal-path',
      join(serving.place, 'journal.sqlite'),
    ];
    expect(await command(...argv)).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('0 problems') as unknown as string,
    });
    const broken = await command('doctor', '--folder', '/proc/none', '--profile', 'nosuch', '--port', '1');
    expect([broken.exitCode, broken.text]).toEqual([2, expect.stringMatching(/PROBLEM[^]*PROBLEM/)]);
  });
});
