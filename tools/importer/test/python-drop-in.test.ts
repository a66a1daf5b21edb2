import { describe, expect, it } from '@jest/globals';
import { openScene } from './import-scene.ts';

// As the Python tool's documentation has it, letter by letter.
const commandLine =
  '--folder_path=/import --url=http://localhost:8042 --user=test --password=test --skip_extensions=.cne,.bmp,.ini --worker_threads_count=5';

// Every variable of the Python tool.
const variables = {
  ORTHANC_USER: 'test',
  ORTHANC_PWD: 'test',
  LABELS_LIST: 'L1,L2',
  MAX_RETRIES: '3',
  WORKER_THREADS_COUNT: '5',
  DICOMIZE_PDF: 'True',
};

const orthanc = { configuration: { AuthenticationEnabled: true, RegisteredUsers: { test: 'test' } } };
const credentials = { user: 'test', password: 'test' };

describe('what the Python tool documents', () => {
  it('runs the command line, but for folder and address', async () => {
    await using scene = await openScene({ seed: 461, orthanc, credentials });
    await scene.putAll();
    await scene.put('Picture.BMP', 'BM');
    const argv = commandLine
      .replace('/import', scene.folder)
      .replace('http://localhost:8042', scene.proxy.url)
      .split(' ');
    const { exitCode, stdout, stderr } = await scene.run({ argv });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`"storedInstances":${String(scene.instances.length)}`);
    expect(stdout).toContain('"skippedFiles":1');
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it('runs with every variable of the Python tool', async () => {
    await using scene = await openScene({ seed: 462, studies: 1, orthanc, credentials });
    await scene.putAll();
    await scene.put('study0/report.pdf', '%PDF-1.7');
    const places = {
      FOLDER_PATH: scene.folder,
      ORTHANC_URL: scene.proxy.url,
      STATE_PATH: `${scene.work}/state.txt`,
      ERRORS_PATH: `${scene.work}/errors.txt`,
    };
    const { exitCode, stderr } = await scene.run({ argv: [], env: { ...variables, ...places } });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect((await scene.held()).size).toBe(scene.instances.length + 1);
  });
});
