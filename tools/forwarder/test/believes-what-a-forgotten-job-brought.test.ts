import { describe, expect, it } from '@jest/globals';
import { withTransfers } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './forward-scene.ts';

describe('an inbox that forgets its jobs as soon as they have ended', () => {
  it.each(['dicom', 'transfer'])(
    'costs no instance an attempt by %s, as what it sent is there',
    async (mode) => {
      const request = withTransfers();
      await using scene = await openScene({
        seed: 351,
        inbox: { ...request, configuration: { JobsHistorySize: 0 } },
        destinations: { archive: { request } },
      });
      const { archive } = scene.destinations;
      // What travels by DICOM is encoded anew, and asked for by C-FIND.
      const asked = mode === 'dicom' ? [] : [`--dest-url=${archive.url}`];
      const run = await scene.run({
        more: [
          ...['--destination=archive', `--mode=${mode}`, ...asked],
          ...['--trigger=NewInstance', '--max-retries=0'],
        ],
      });
      expect([run.exitCode, run.setAside]).toEqual([0, []]);
      expect(await scene.held(archive)).toEqual(scene.sent);
      expect(await scene.held(scene.inbox)).toEqual([]);
    },
  );
});
