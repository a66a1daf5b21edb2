import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import {
  type ContainerNetwork,
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
} from '@orthanc-tools/orthanc-testbed';
import { configuration, credentials, documentedFile, pythonCommand } from './python-cleaner.ts';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

onEngine('[engine] the image of the cleaner', () => {
  let image: ToolImage;

  beforeAll(async () => {
    // Where the Orthanc of the tests is made first, that is not to count.
    await testbed.prepare();
    image = await buildToolImage('cleaner');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  /** A volume with the labels file; written through the image, so that its user owns it. */
  async function volumeWith(network: ContainerNetwork, text: string): Promise<string> {
    const volume = await network.createVolume();
    await using writer = await network.startTool({
      image: image.name,
      entrypoint: ['node', '-e', `fs.writeFileSync('/status/labels.yml', ${JSON.stringify(text)})`],
      volumes: { '/status': volume },
    });
    expect(await writer.ended()).toBe(0);
    return volume;
  }

  // By the date of the study alone: what was stored a moment ago is old enough.
  const rules = 'rules:\n  - name: old\n    labels: [LABEL1]\n    olderThan: 6 weeks\n    by: study-date\n';

  it('waits for the time of the Python documentation, is healthy, stops at SIGTERM, and cleans when told to', async () => {
    await using network = await openContainerNetwork();
    await using orthanc = await network.startOrthanc('archive', { name: 'archive', configuration });
    const server = { url: orthanc.url, ...credentials };
    const studies = [
      ...synthesizeArchive({ seed: 871, studies: 2, seriesPerStudy: 1, instancesPerSeries: 2, imageSize: 8 }),
    ];
    const [first, second] = studies.map((study) => [...study.instances()]);
    await seedOrthanc(
      server,
      [...(first ?? []), ...(second ?? [])].map(({ bytes }) => bytes),
    );
    const study = first?.[0]?.orthancIds().study ?? '';
    const authorization = `Basic ${Buffer.from('orthanc:orthanc').toString('base64')}`;
    const request = { method: 'PUT', headers: { authorization } };
    await fetch(`${orthanc.url}/studies/${study}/labels/LABEL1`, request);
    const volumes = { '/status': await volumeWith(network, rules) };
    const command = pythonCommand.map((word) =>
      word.replace('localhost', 'archive').replace(documentedFile, '/status/labels.yml'),
    );

    await using waiting = await network.startTool({ image: image.name, command, volumes });
    await waiting.printed('"run.awaited"');
    await waiting.isHealthy();
    expect(await waiting.stop()).toBe(130);
    expect((await snapshotOrthanc(server)).size).toBe(4);

    await using tool = await network.startTool({
      image: image.name,
      command: [...command, '--once'],
      volumes,
    });
    expect([await tool.ended(), await tool.log()]).toEqual([
      0,
      expect.stringContaining('"deletedStudies":1'),
    ]);
    expect([...(await snapshotOrthanc(server)).keys()].sort()).toEqual(
      (second ?? []).map((instance) => instance.orthancIds().instance).sort(),
    );
  });
});
