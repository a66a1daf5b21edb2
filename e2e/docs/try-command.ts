import { spawn } from 'node:child_process';
import type { ReaderPage } from './reader-scene.ts';

/** Tools that run until they are stopped, unless an option says otherwise, and what they log when they are at work. */
const standing: Readonly<
  Record<string, { readonly unless?: RegExp; readonly when?: RegExp; readonly until: string }>
> = {
  cloner: { unless: /--existing[-_]changes[-_]only/, until: 'study.verified' },
  forwarder: { unless: /--existing[-_]changes[-_]only/, until: 'unit.deleted' },
  'hl7-server': { until: 'server.listening' },
  cleaner: { unless: /--once|--dry-run/, until: 'run.awaited' },
  importer: { when: /--watch/, until: 'run.started' },
  comparator: { when: /--execution/, until: 'comparison.scheduled' },
};

/** Words after which a tool ends by itself. */
const ending = / (doctor|status|requeue|plan|try|replay) |--help|--version/;

/** The event after which a command may be stopped; undefined for one that ends by itself. */
function eventBeforeStop(command: string): string | undefined {
  const [, tool = ''] = /(?:@orthanc-tools\/|orthanc-)([\w-]+)/.exec(command) ?? [];
  const rule = standing[tool];
  if (rule === undefined || ending.test(`${command} `)) return undefined;
  if (rule.unless?.test(command)) return undefined;
  return rule.when === undefined || rule.when.test(command) ? rule.until : undefined;
}

export interface Tried {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Lets a shell run it in the folder of the page; what would run for ever is stopped once it is at work. */
export async function tryCommand(command: string, page: ReaderPage, env = page.env): Promise<Tried> {
  const until = eventBeforeStop(command);
  const child = spawn('sh', ['-c', `exec ${page.translate(command)}`], {
    ...{ cwd: page.folder, env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let isStopped = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (isStopped || until === undefined || !output.includes(`"${until}"`)) return;
      // A second signal would end it at once.
      isStopped = true;
      child.kill('SIGTERM');
    });
  const limit = setTimeout(() => child.kill('SIGKILL'), 90_000);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  const exitCode = await promise;
  clearTimeout(limit);
  return { exitCode, output };
}

/** How a command may end: a comparison with differences is one that has worked. */
export function endsWell(command: string, { exitCode, output }: Tried): boolean {
  const until = eventBeforeStop(command);
  // A clone of a server into itself has nothing to follow: it may have ended before it was stopped.
  const hasEnded = exitCode === 0 && output.includes('"destination.is_source"');
  if (until !== undefined) return output.includes(`"${until}"`) && (exitCode === 130 || hasEnded);
  return exitCode === 0 || (exitCode === 4 && command.includes('comparator'));
}
