import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { connectSender } from '@orthanc-tools/mllp';
import { freePort } from '@orthanc-tools/orthanc-testbed';
import { orderText } from '../../hl7-server/order-text.ts';
import type { PackagedTool } from '../packaged-tool.ts';

export const hl7ServerPackage: PackagedTool = {
  tool: 'hl7-server',
  call: 'serveHl7',
  more: ['profile.schema.json'],
  jobs: [
    {
      promise: 'shows what a message would become',
      async keep(installed) {
        const message = join(installed.folder, 'order.hl7');
        await writeFile(message, orderText({ id: '1', name: 'Sample^Anna' }));
        const { exitCode, stdout } = await installed.npx(['try', message]);
        expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^schedule[^]*AccessionNumber +A1/)]);
      },
    },

    {
      promise: 'takes orders as a function',
      async keep(installed) {
        const port = await freePort();
        const worklists = join(installed.folder, 'worklists');
        const options = {
          port,
          listenHost: '127.0.0.1',
          folder: worklists,
          journalPath: join(installed.folder, 'j.sqlite'),
        };
        await writeFile(
          join(installed.folder, 'serve.mjs'),
          `import { serveHl7 } from '@orthanc-tools/hl7-server';
       await serveHl7(${JSON.stringify(options)}, { onLogLine: (line) => process.stdout.write(line) });`,
        );
        const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'serve.mjs'], {
          cwd: installed.folder,
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        try {
          await new Promise((resolve) => {
            child.stdout.on('data', (chunk: Buffer) => {
              if (String(chunk).includes('server.listening')) resolve(undefined);
            });
          });
          await using sender = await connectSender({ host: '127.0.0.1', port });
          const answer = await sender.send(Buffer.from(orderText({ id: '1', name: 'Sample^Anna' })));
          expect(String(answer)).toContain('MSA|AA');
          expect(await readdir(worklists)).toHaveLength(1);
        } finally {
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          await ended;
        }
      },
    },
  ],
};
