import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
} from '@orthanc-tools/orthanc-testbed';

/** What was the Python tool's module, by tool. */
const modules = {
  cloner: 'orthanc_cloner',
  forwarder: 'orthanc_forwarder',
  importer: 'orthanc_folder_importer',
  migrator: 'pacs_migrator',
  comparator: 'orthanc_comparator',
  populator: 'orthanc_test_db_populator',
  cleaner: 'orthanc_cleaner',
  'hl7-server': 'hl7_worklist_server_for_orthanc',
};

const largestAddition = 60_000_000;

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

onEngine.each(Object.entries(modules))('[engine] the image of the %s', (tool, module) => {
  let image: ToolImage;

  beforeAll(async () => {
    image = await buildToolImage(tool);
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('is little larger than its base, belongs to no root, and says what it is', () => {
    expect(image.addedBytes).toBeLessThan(largestAddition);
    expect(image.user).toBe('1000:1000');
    expect(image.labels).toMatchObject({
      'org.opencontainers.image.title': `orthanc-${tool}`,
      'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
      'org.opencontainers.image.revision': expect.any(String),
      'org.opencontainers.image.licenses': 'MIT',
    });
  });

  it.each([
    ['its own command', [`orthanc-${tool}`]],
    ['python', ['python', '-m', `orthanc_tools.${module}`]],
    ['python3', ['python3', '-u', '-m', `orthanc_tools.${module}`]],
  ])(
    'answers to the name of %s, without a shell, on a root that nobody can write to',
    async (_name, words) => {
      await using network = await openContainerNetwork();
      await using run = await network.startTool({
        image: image.name,
        entrypoint: words,
        command: ['--version'],
      });
      expect([await run.ended(), await run.log()]).toEqual([
        0,
        expect.stringMatching(`^orthanc-${tool} \\d+\\.\\d+\\.\\d+\\S*\n$`),
      ]);
    },
  );

  it('refuses to be another tool, in one line', async () => {
    const [other = '', otherModule = ''] = Object.entries(modules).find(([name]) => name !== tool) ?? [];
    await using network = await openContainerNetwork();
    const command = ['-m', `orthanc_tools.${otherModule}`];
    await using run = await network.startTool({ image: image.name, entrypoint: ['python'], command });
    expect([await run.ended(), await run.log()]).toEqual([
      2,
      `python: this is the image of ${tool}; orthanc_tools.${otherModule} is in the image of ${other}.\n`,
    ]);
  });
});

onEngine('[engine] images of one tool', () => {
  it('are built and removed at the same time without one missing what another removes', async () => {
    const images = Array.from({ length: 3 }, async () => {
      for (let n = 0; n < 4; n += 1) {
        await using image = await buildToolImage('importer');
        expect(image.user).toBe('1000:1000');
      }
    });
    await Promise.all(images);
  });
});

const asRoot = testbed.provider === 'containers' && process.getuid?.() === 0 ? describe : describe.skip;

asRoot('[engine] a folder of the host that root owns, mounted into an image [needs root]', () => {
  let image: ToolImage;
  let folder: string;

  beforeAll(async () => {
    image = await buildToolImage('hl7-server');
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'owned-by-root-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it.each(['/status', '/worklists'])(
    'at %s ends the tool with a sentence that tells the remedy',
    async (place) => {
      await using network = await openContainerNetwork();
      await using tool = await network.startTool({ image: image.name, volumes: { [place]: folder } });
      expect([await tool.ended(), await tool.log()]).toEqual([
        2,
        expect.stringContaining(
          `orthanc-hl7-server: user 1000 may not write to ${place}, which belongs to user 0: give the folder that is mounted there to the user ("chown -R 1000 FOLDER" on the host)`,
        ),
      ]);
    },
  );

  it.each(['/status', '/worklists'])('at %s is written to once it is given to the user', async (place) => {
    await chown(folder, 1000, 1000);
    await using network = await openContainerNetwork();
    const worklists = { '/worklists': await network.createVolume() };
    const volumes = { ...worklists, [place]: folder };
    await using tool = await network.startTool({ image: image.name, volumes });
    await tool.printed('"event":"server.listening"');
    expect(await tool.stop()).toBe(130);
  });
});
