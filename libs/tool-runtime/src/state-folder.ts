import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where the tools of this user keep what a restart needs, when no option names a place. A relative XDG_STATE_HOME counts as not given, as its specification asks. */
export function stateFolderIn(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['XDG_STATE_HOME'] ?? '';
  const state = isAbsolute(given) ? given : join(env['HOME'] ?? homedir(), '.local', 'state');
  return join(state, 'orthanc-tools');
}
