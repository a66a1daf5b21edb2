// What strangers import. A Node that is too old is refused in one sentence, before it reads what it would stumble over: hence
// no static import of the rest.
import process from 'node:process';

const needed = [22, 22];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1]))
  throw new Error(
    `@orthanc-tools/testbed needs Node ${needed.join('.')} or newer; this is ${process.versions.node}.`,
  );

export const { compareSnapshots, openTestbed, seedOrthanc, snapshotOrthanc, startFaultProxy, startLinked } =
  await import('./dist/libs/orthanc-testbed/src/index.mjs');
