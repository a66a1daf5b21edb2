import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import {
  type RunningOrthanc,
  freePort,
  openTestbed,
  seedOrthanc,
  withTransfers,
} from '@orthanc-tools/orthanc-testbed';
import { toolNames } from '../command/tool-names.ts';
import { orderText } from '../hl7-server/order-text.ts';
import { repository } from './read-pages.ts';

/** What a reader has: Orthancs under the names of the pages, a folder for each page, and the commands. */
export interface ReaderScene extends AsyncDisposable {
  /** A folder of its own, with `/import` and `/worklists` in it. */
  openPage(): Promise<ReaderPage>;
  /** Puts new studies into the inbox, from which a forwarder before has taken everything. */
  fillInbox(): Promise<void>;
}

export interface ReaderPage {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The text with the names of the page replaced by what stands for them here. */
  translate(text: string): string;
}

/** Modalities under which the pages know the same PACS. */
const aliases = ['pacs', 'old-pacs', 'new-pacs', 'pacs-2017', 'target_modality_alias', 'orthanc-debug'];

const archive = (seed: string) => ({
  ...{ seed, studies: 4, seriesPerStudy: 1, instancesPerSeries: 2, imageSize: 8 },
  studyDates: { from: '20220201', to: '20220302' },
});

function* filesOf(seed: string): Generator<Uint8Array> {
  for (const study of synthesizeArchive(archive(seed)))
    for (const { bytes } of study.instances()) yield bytes;
}

export async function openReaderScene(): Promise<ReaderScene> {
  await using opening = new AsyncDisposableStack();
  const testbed = await openTestbed();
  const start = async (name: string, DicomModalities: object = {}): Promise<RunningOrthanc> => {
    const configuration = {
      DicomModalities,
      DicomModalitiesInDatabase: Object.keys(DicomModalities).length === 0,
      OrthancPeersInDatabase: true,
    };
    return opening.use(await testbed.startOrthanc(withTransfers({ name, configuration })));
  };
  const pacs = await start('pacs');
  const known = Object.fromEntries(aliases.map((alias) => [alias, pacs.modality]));
  const [a, b, inbox, orthanc] = [
    await start('orthanc-a', known),
    await start('orthanc-b', known),
    await start('inbox', known),
    await start('orthanc', known),
  ];
  for (const { name, modality } of [a, b, inbox, orthanc])
    await fetch(`${pacs.url}/modalities/${name}`, { method: 'PUT', body: JSON.stringify(modality) });
  await fetch(`${a.url}/peers/orthanc-b`, { method: 'PUT', body: JSON.stringify({ Url: b.peerUrl }) });
  await seedOrthanc(pacs, filesOf('pacs'));
  await seedOrthanc(a, filesOf('a'));
  const urls = new Map([
    ...['orthanc-a', 'a', 'localhost', '192.168.0.10', 'pacs-2022'].map((name) => [name, a.url] as const),
    ...['orthanc-b', 'b'].map((name) => [name, b.url] as const),
    ['inbox', inbox.url],
    ['orthanc', orthanc.url],
  ]);
  const base = await mkdtemp(join(tmpdir(), 'docs-reader-'));
  opening.defer(() => rm(base, { recursive: true, force: true }));
  const bin = await commandsIn(base);
  const stack = opening.move();
  let [opened, filled] = [0, 0];
  return {
    async openPage() {
      const folder = join(base, `page-${String((opened += 1))}`);
      for (const one of ['import', 'worklists', 'status', 'node_modules'])
        await mkdir(join(folder, one), { recursive: true });
      await symlink(
        join(repository, 'node_modules/@orthanc-tools'),
        join(folder, 'node_modules/@orthanc-tools'),
      );
      let at = 0;
      for (const bytes of filesOf('import'))
        await writeFile(join(folder, 'import', `${String((at += 1))}.dcm`), bytes);
      await writeFile(join(folder, 'order.hl7'), orderText({ id: '7', name: 'SAMPLE^ORDER' }));
      await writeFile(join(folder, 'labels.csv'), 'LABEL1,6\nLABEL2,12\n');
      return {
        folder,
        env: {
          ...{ PATH: `${bin}:/usr/bin:/bin`, HOME: folder, TZ: zoneOfNight(new Date()) },
          PORT: String(await freePort()),
        },
        translate: (text) => translate(text, urls, folder),
      };
    },
    // Always others: of what the PACS held before, C-FIND cannot say that it is the same.
    fillInbox: async () => void (await seedOrthanc(inbox, filesOf(`inbox ${String((filled += 1))}`))),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Everything that names a server or a place which only the reader has. */
const translate = (text: string, urls: ReadonlyMap<string, string>, folder: string): string =>
  text
    .replaceAll(/http:\/\/([\w.-]+):8042/g, (whole, name: string) => urls.get(name) ?? whole)
    .replaceAll(/(?<=[\s=:'"])\/(import|worklists|status)\b/g, (_, name: string) => join(folder, name))
    .replaceAll('./tests/stimuli/labels.csv', 'labels.csv')
    // The same with fewer: what the command does, five show as well as five thousand.
    .replaceAll(/(--studies[= ])\d+/g, (_, option: string) => `${option}5`);

/** In which it is between two and three in the night now: so that running hours of the night are running. */
function zoneOfNight(now: Date): string {
  const east = ((2 - now.getUTCHours() + 35) % 24) - 11;
  return east >= 0 ? `Etc/GMT-${String(east)}` : `Etc/GMT+${String(-east)}`;
}

/** `npx`, `node`, and the commands as they are after an installation, without a registry. */
async function commandsIn(base: string): Promise<string> {
  const bin = join(base, 'bin');
  await mkdir(bin);
  const put = async (name: string, script: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  const start = `exec ${process.execPath} "${repository}tools/$tool/bin/orthanc-$tool.mjs" "$@"`;
  await put('npx', `tool=\${1#@orthanc-tools/}; tool=\${tool#orthanc-}; shift\n${start}`);
  await put('node', `exec ${process.execPath} "$@"`);
  for (const tool of toolNames) await put(`orthanc-${tool}`, `tool=${tool}\n${start}`);
  return bin;
}
