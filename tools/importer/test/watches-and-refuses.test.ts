import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openLedger, readLedger } from '@orthanc-tools/work-ledger';
import { markOf } from '../src/walk-folder.ts';
import { imageOf } from './image-of.ts';
import { type Scene, openScene } from './import-scene.ts';
import { watch } from './watching.ts';

const [jane, john] = [{ PatientName: 'Zweifel^Jane' }, { PatientName: 'Zweifel^John' }];
const more = ['--on-identity-conflict=refuse'];

/** Lets the ledger know a file as one that was found before, and is to be read then (ms since 1970). */
function enter(scene: Scene, key: string, readyAt = 0): void {
  using ledger = openLedger(join(scene.work, 'ledger.sqlite'));
  ledger.enqueue([{ key, mark: markOf(statSync(join(scene.folder, key))), readyAt }]);
}

function stateOf(scene: Scene, key: string) {
  using ledger = readLedger(join(scene.work, 'ledger.sqlite'));
  return ledger.stateOf(key);
}

const isUpload = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path === '/instances';

describe('a folder that is watched, with patients in doubt refused', () => {
  it('stores nothing that ripens while others are stored, before it was judged', async () => {
    await using scene = await openScene({ seed: 494, studies: 1 });
    const held = imageOf('P2', jane);
    await fetch(`${scene.orthanc.url}/instances`, { method: 'POST', body: new Uint8Array(held) });
    await scene.put('early', imageOf('P1', jane));
    await scene.put('late', imageOf('P2', john));
    enter(scene, 'early');
    enter(scene, 'late', Date.now() + 3000);
    const lateWasRead = Promise.withResolvers<undefined>();
    scene.proxy.addFault({ effect: 'hold', until: lateWasRead.promise, matching: isUpload, times: 1 });
    await using watching = watch(scene, { more });
    await watching.until(() => ['done', 'set aside'].includes(stateOf(scene, 'late') ?? ''));
    expect((await scene.held()).size).toBe(1);
    lateWasRead.resolve(undefined);
    await watching.until(() => stateOf(scene, 'early') === 'done');
    await watching.until(() => stateOf(scene, 'late') === 'set aside');
    const { manifest } = await watching.stop();
    expect(manifest.get('early')?.status).toBe('stored');
    expect(manifest.get('late')).toMatchObject({ status: 'refused', code: 'IDENTITY_CONFLICT' });
    expect((await scene.held()).size).toBe(2);
  });

  it('sets aside a file that fails as often as it may be tried', async () => {
    await using scene = await openScene({ seed: 495, studies: 1 });
    await scene.put('a', imageOf('P1', jane));
    let uploads = 0;
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      matching: (request) => {
        if (isUpload(request)) uploads += 1;
        return isUpload(request);
      },
    });
    await using watching = watch(scene, { more: [...more, '--max-retries=2'] });
    await watching.until(() => uploads > 3 || (uploads > 0 && stateOf(scene, 'a') === 'set aside'));
    expect([uploads, stateOf(scene, 'a')]).toEqual([3, 'set aside']);
    const { manifest } = await watching.stop();
    expect(manifest.get('a')).toMatchObject({ status: 'refused', code: 'ORTHANC_SERVER_ERROR' });
  });
});
