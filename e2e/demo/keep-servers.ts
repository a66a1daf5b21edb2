import { join } from 'node:path';
import type { RunningOrthanc, Testbed } from '@orthanc-tools/orthanc-testbed';
import type { Narrator } from './narrator.ts';

interface KeepRequest {
  readonly testbed: Testbed;
  readonly source: RunningOrthanc;
  readonly destination: RunningOrthanc;
  /** Where ledger, report and log of the clone are. */
  readonly folder: string;
  readonly narrator: Narrator;
}

/** Lets both servers run on, beside a third, empty one to try the tools on, and tells where everything is. */
export async function keepServers(
  { testbed, source, destination, folder, narrator }: KeepRequest,
  stack: AsyncDisposableStack,
): Promise<void> {
  const empty = await narrator.step('Start a third, empty Orthanc, to try on', async () =>
    stack.use(await testbed.startOrthanc({ name: 'empty' })),
  );
  const ledger = join(folder, 'ledger.sqlite');
  const tell = (name: string, what: string): void => narrator.say(`${name.padEnd(12)} ${what}`);
  for (const server of [source, destination, empty]) {
    tell(server.name, `${server.url}/app/explorer.html`);
    tell('', `ends by: ${await server.keep()}`);
  }
  tell('the ledger', ledger);
  tell('the report', join(folder, 'report.json'));
  tell('the log', join(folder, 'cloner.log'));
  tell('', `all three go by: rm -r ${folder}`);
  narrator.say('');
  narrator.say('To try, in this folder:');
  narrator.say(`  npx orthanc-cloner status --ledger-path ${ledger}`);
  narrator.say(
    `  npx orthanc-cloner --source-url ${source.url} --dest-url ${empty.url} --existing-changes-only`,
  );
  // From here on nobody but the user ends them.
  stack.move();
}
