import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toolServices } from './compose-services.ts';
import { type Block, commandsIn } from './find-blocks.ts';
import { type ReaderPage, type ReaderScene, openReaderScene } from './reader-scene.ts';
import { readPages, repository } from './read-pages.ts';
import { endsWell, tryCommand } from './try-command.ts';

const pages = await readPages();
const all = [...pages.values()].flat();
/** These try what the block says in words of their own; no further ones. */
const triedUnread = [
  'tools/hl7-server/test/orthanc-keeps-worklists.test.ts',
  'libs/orthanc-testbed/src/fault-proxy.test.ts',
];

/** By `blocksTriedBy`, or, where a test lies elsewhere, the page beside its package. */
const readsThe = (page: string): RegExp =>
  new RegExp(`blocksTriedBy\\(import\\.meta\\.url, '${page}'\\)|readFile\\([^;]*${basename(page)}'`);

const named = (block: Block): [string, Block] => [`${block.page}:${String(block.line)}`, block];

describe('every block of the pages', () => {
  it('is found', () => {
    expect(all.length).toBeGreaterThan(20);
    expect([...pages.keys()]).toEqual(expect.arrayContaining(['README.md', 'tools/cloner/README.md']));
  });

  it.each(all.filter(({ treatment }) => treatment.is === 'tried by').map(named))(
    '%s names a test, which tries what stands there',
    async (_, { page, treatment }) => {
      const test = treatment.is === 'tried by' ? treatment.test : '';
      expect(test).toMatch(/\.test\.ts$/);
      const source = await readFile(join(repository, test), 'utf8');
      if (!triedUnread.includes(test)) expect(source).toMatch(readsThe(page));
    },
  );

  it('is read by its test, but for those that are tried in other words', () => {
    const named = all.flatMap(({ treatment }) => (treatment.is === 'tried by' ? [treatment.test] : []));
    expect(named).toEqual(expect.arrayContaining(triedUnread));
  });

  it.each(all.filter(({ treatment }) => treatment.is === 'file').map(named))(
    '%s is a file that a command of its page takes',
    (_, { page, treatment }) => {
      const commands = (pages.get(page) ?? []).filter((block) => block.treatment.is === 'run');
      const name = treatment.is === 'file' ? treatment.name : '';
      expect(commands.some(({ text }) => text.includes(name))).toBe(true);
    },
  );
});

const toRun = [...pages].filter(([, blocks]) => blocks.some(({ treatment }) => treatment.is === 'run'));

describe.each(toRun)('the commands of %s', (_, blocks) => {
  let page: ReaderPage;
  beforeAll(async () => {
    page = await scene().openPage();
    for (const { treatment, text } of blocks)
      if (treatment.is === 'file') await writeFile(join(page.folder, treatment.name), page.translate(text));
  }, 60_000);

  const here = blocks.filter(({ treatment }) => treatment.is === 'run');
  it.each(here.map((block) => [block.line, block] as const))('work in line %i', async (__, block) => {
    await scene().fillInbox();
    const home = await mkdtemp(join(page.folder, 'home-'));
    for (const { command, env } of commandsOf(block, page)) {
      const tried = await tryCommand(command, page, { ...env, HOME: home });
      if (!endsWell(command, tried))
        throw new Error(`${command}\nended with ${String(tried.exitCode)}:\n${tried.output.slice(-3000)}`);
    }
  });
});

interface ToTry {
  readonly command: string;
  readonly env: ReaderPage['env'];
}

/** A compose file is tried by its services: the tool, with its environment. */
function commandsOf({ language, text, page, line }: Block, { env, translate }: ReaderPage): ToTry[] {
  if (/^(sh|shell|bash|console)$/.test(language))
    return commandsIn(text).map((command) => ({ command, env }));
  if (!/^ya?ml$/.test(language))
    throw new Error(`${page}:${String(line)} needs a comment that says how it is tried.`);
  const services = toolServices(translate(text));
  if (services.length === 0) throw new Error(`${page}:${String(line)} has no service of a tool.`);
  return services.map(({ tool, environment }) => ({
    command: `orthanc-${tool}`,
    env: { ...env, ...environment, TZ: env['TZ'] ?? '' },
  }));
}

let opened: ReaderScene | undefined;
function scene(): ReaderScene {
  if (opened === undefined) throw new Error('no scene');
  return opened;
}
beforeAll(async () => {
  opened = await openReaderScene();
}, 300_000);
afterAll(async () => opened?.[Symbol.asyncDispose]());
