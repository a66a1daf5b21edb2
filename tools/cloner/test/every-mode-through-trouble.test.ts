import { describe } from '@jest/globals';
import { describeTrouble, describeTroubleOfJobs } from './mode-in-trouble.ts';
import { modes, openModeSceneOn, versions } from './mode-scene.ts';

describe.each(versions)('on Orthanc %s', (version) => {
  describe.each(modes)('by the mode %s', (mode) => {
    describeTrouble(mode, openModeSceneOn(version));
    if (mode !== 'Default') describeTroubleOfJobs(mode, openModeSceneOn(version));
  });
});
