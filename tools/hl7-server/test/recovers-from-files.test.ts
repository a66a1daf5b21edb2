import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { orderText } from './order-message.ts';
import { type Serving, startServing } from './serving.ts';

const jerome = 'PID|||4712^^^HOSP||Buc^J\xe9r\xf4me||19800102|M';

const order = (number: string, step: string, control = 'NW', pid?: string) =>
  orderText({
    ...(pid !== undefined && { pid }),
    msh: `MSH|^~\\&|RIS|HOSP|ORTHANC|RAD|20260102030405||ORM^O01|${number}${step}${control}|P|2.5|||||${pid === undefined ? '' : '|8859/1'}`,
    orc: `ORC|${control}|P${number}^RIS|F${number}^RIS||SC||^^^20300203101500^^R`,
    obr: `OBR|1|P${number}^RIS|F${number}^RIS|CT1^CT of the chest^L||||||||||||||A${number}|R${number}|${step}||||CT`,
  });

const contents = async ({ folder, names }: Serving) =>
  Object.fromEntries(
    await Promise.all(
      (await names()).map(async (name) => [name, await readFile(join(folder, name), 'hex')] as const),
    ),
  );

it('knows its worklists again without its journal: they are changed, cancelled, and keep study and name; others stay unread', async () => {
  await using first = await startServing();
  for (const message of [
    order('1', 'S1'),
    Buffer.from(order('2', 'S1', 'NW', jerome), 'latin1'),
    order('3', 'S1'),
    order('3', 'S2'),
  ])
    expect(await first.send(message)).toContain('MSA|AA');
  const before = await contents(first);
  await first.stop();
  for (const name of await readdir(first.place))
    if (name.startsWith('journal')) await rm(join(first.place, name));
  // Under names like ours: a copy of another's worklist, and something that is none.
  const foreign = await first.worklist('A1-');
  await writeFile(join(first.folder, 'A1-000000000000.wl'), foreign);
  await writeFile(join(first.folder, 'A9-000000000001.wl'), 'no worklist');

  await using second = await startServing({ place: first.place });
  expect(second.log.join('')).toContain('"worklists":4,"leftAlone":2');
  expect(await contents(second)).toMatchObject(before);
  expect(await second.send(order('1', 'S1', 'XO'))).toContain('MSA|AA');
  expect(await second.send(order('2', 'S1', 'CA', jerome))).toContain('MSA|AA');
  expect(await second.send(order('3', 'S2', 'CA'))).toContain('MSA|AA');
  const after = await contents(second);
  const [[name = '', bytes = ''] = []] = Object.entries(before).filter(([one]) => one.startsWith('A1-'));
  expect(after[name]).toBe(bytes);
  expect(Object.keys(after).map((one) => one.slice(0, 2))).toEqual(['A1', 'A1', 'A3', 'A9']);
  expect(after['A1-000000000000.wl']).toBe(foreign.toString('hex'));
});
