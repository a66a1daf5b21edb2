import { describe, expect, it } from '@jest/globals';
import { judgeBelongings } from './examine-belongings.ts';

const server = {
  version: '1.12.10',
  hasLabels: true,
  checksRevisions: false,
  userMetadata: new Map([['site', 1024]]),
};
const kinds = new Set(['labels', 'metadata', 'attachments', 'protection']);
const judge = (there: Partial<typeof server>, chosen = kinds) =>
  judgeBelongings({ here: server, there: { ...server, ...there }, kinds: chosen }).map(
    ({ check, verdict }) => `${verdict} ${check}`,
  );

describe('whether a destination can keep what users have added', () => {
  it.each([
    ['as the source', {}, ['ok labels', 'ok UserMetadata']],
    ['without labels', { hasLabels: false }, ['warning labels', 'ok UserMetadata']],
    [
      'that means something else',
      { userMetadata: new Map([['ward', 1024]]) },
      ['ok labels', 'warning UserMetadata'],
    ],
    [
      'that numbers it otherwise',
      { userMetadata: new Map([['site', 1030]]) },
      ['ok labels', 'ok UserMetadata'],
    ],
    [
      'that checks revisions',
      { checksRevisions: true },
      ['ok labels', 'ok UserMetadata', 'warning CheckRevisions'],
    ],
  ])('one %s', (_, there, findings) => {
    expect(judge(there)).toEqual(findings);
  });

  it('is not asked about what is not to travel', () => {
    expect(judge({ hasLabels: false, checksRevisions: true }, new Set(['protection']))).toEqual([]);
  });
});
