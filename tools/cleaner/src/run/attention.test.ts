import { expect, it } from '@jest/globals';
import { emptyTally } from '../delete/deletion-tally.ts';
import { attentionOf } from './attention.ts';

const failure = { code: 'NOT_DELETED', message: '', at: 0 };

it.each([
  [{}, undefined, undefined],
  [{}, 'maxStudies', /: nothing was deleted, as more is due than --max-studies \(MAX_STUDIES\) allows\.$/],
  [{ endedBy: 'hours' }, undefined, /: the running hours are over, and the rest is left/],
  [{ endedBy: 'rules' }, undefined, /: the rules were changed meanwhile/],
  [{ endedBy: 'interruption' }, undefined, undefined],
  [{ left: new Map([['changed', 2]]) }, undefined, undefined],
  [{ left: new Map([['not elsewhere', 1200]]) }, undefined, /: 1,200 studies were left, as the other place/],
  [
    { left: new Map([['other bytes elsewhere', 1]]) },
    undefined,
    /: 1 study was left, as the other place has it with other bytes, as after C-STORE/,
  ],
  // Only these are named by `status`.
  [
    { failures: new Map([['a', failure]]), endedBy: 'orthanc' },
    undefined,
    /: 1 study was not done, and "orthanc-cleaner status" names them; Orthanc stayed away/,
  ],
] as const)('after %j and the fuse %s, somebody should look: %s', (tally, fuse, said) => {
  const told = attentionOf({ fuse, deletion: { ...emptyTally(), ...tally } });
  if (said === undefined) expect(told).toBeUndefined();
  else expect(told).toMatch(said);
});
