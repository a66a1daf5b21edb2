import { describe, expect, it } from '@jest/globals';
import { type RunDescription, describeRun } from './describe-run.ts';
import { type Tally, emptyTally } from './tally.ts';

async function* none() {}

const found = (items: Partial<Tally['items']> = {}): Tally => {
  const tally = emptyTally();
  return { ...tally, items: { ...tally.items, ...items } };
};

const pageOf = (more: Partial<RunDescription>) =>
  describeRun({
    tally: found(),
    here: 'http://orthanc:8042/',
    there: 'pacs',
    level: 'Instance',
    attributes: [],
    ignored: [],
    from: '20240101',
    to: '20240131',
    startedAt: '2024-02-01T00:00:00.000Z',
    endedAt: '2024-02-01T00:01:00.000Z',
    history: [],
    items: none(),
    unknown: none(),
    links: 'http://orthanc:8042',
    allItemsIn: undefined,
    madeBy: 'orthanc-comparator',
    ...more,
  });

describe('the verdict of a report', () => {
  it('says that both sides hold the same where both were looked at', () => {
    expect(pageOf({}).verdict).toEqual({ tone: 'good', text: 'Both sides hold the same.' });
  });

  it.each([
    [['onlyThere'], 'No difference was found; what is missing from Orthanc was not looked for.'],
    [['onlyInOrthanc'], 'No difference was found; what the other side misses was not looked for.'],
    [['onlyInOrthanc', 'onlyThere'], 'No difference was found; what only one side holds was not looked for.'],
  ] as const)('claims no more than was looked at: %j', (ignored, text) => {
    expect(pageOf({ ignored }).verdict).toEqual({ tone: 'doubtful', text });
  });

  it('names beside differences and doubts what was not looked for, too', () => {
    const ignored = ['onlyThere'] as const;
    expect(pageOf({ ignored, tally: found({ differs: 2 }) }).verdict).toEqual({
      tone: 'bad',
      text: '2 differences were found. What is missing from Orthanc was not looked for.',
    });
    expect(pageOf({ ignored, tally: found({ unknown: 1 }) }).verdict).toEqual({
      tone: 'doubtful',
      text: 'No difference was found, but not everything was seen. 1 item could not be compared. What is missing from Orthanc was not looked for.',
    });
  });
});

describe('a direction that was ignored', () => {
  const { totals, facts } = pageOf({ ignored: ['onlyThere'] });

  it('has no number among the totals', () => {
    expect(totals).toContainEqual({ label: '- missing from Orthanc', count: 'not looked for' });
    expect(totals).toContainEqual({ label: '+ only in Orthanc', count: 0 });
  });

  it('is named among the facts, by its option', () => {
    expect(facts).toContainEqual({
      label: 'Not looked for',
      value: 'what is missing from Orthanc (--ignore-missing-from-orthanc)',
    });
    expect(pageOf({}).facts.map(({ label }) => label)).not.toContain('Not looked for');
  });
});
