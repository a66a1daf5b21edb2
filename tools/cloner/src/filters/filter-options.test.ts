import { describe, expect, it } from '@jest/globals';
import { declareOptions, resolveOptions } from '@orthanc-tools/tool-options';
import { filterOptions } from './filter-options.ts';

describe('a filter that is given and empty', () => {
  const table = declareOptions(filterOptions);

  // As a script writes it whose variable is not set: everything would be copied.
  it.each(
    Object.keys(filterOptions).map((key) => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
  )('is refused: --%s', async (flag) => {
    const variable = flag.toUpperCase().replaceAll('-', '_');
    const message = `--${flag} (${variable}) is empty: say what is wanted, or leave it out for all.`;
    const argv = [`--${flag}=`];
    await expect(resolveOptions(table, { argv, env: {} })).rejects.toMatchObject({ message });
    // For who only looks at the work.
    const { doubts } = await resolveOptions(table, { argv, env: {}, demandsRequired: false });
    expect(doubts).toEqual([]);
  });

  // A compose file hands on what is not set as empty.
  it('is doubted as a variable', async () => {
    const { doubts, values } = await resolveOptions(table, { argv: [], env: { LABEL: '' } });
    expect(doubts).toEqual(['--label (LABEL) is empty, as if it were not there: nothing is left out.']);
    expect(values.label).toBeUndefined();
  });

  it('is one that names only commas, too', async () => {
    await expect(resolveOptions(table, { argv: ['--label=,'], env: {} })).rejects.toMatchObject({
      message: '--label (LABEL) names none.',
    });
  });
});

const { studyDate } = declareOptions({ studyDate: filterOptions.studyDate });

describe('the days of --study-date', () => {
  it.each(['20240131', '20240101-20241231', '20240101-', '-20241231', '20240101-20240101'])(
    'may be written as %s',
    (written) => {
      expect(studyDate.check(written)).toBeUndefined();
    },
  );

  it.each([
    ['-', 'must be a day or a range'],
    ['2024', 'must be a day or a range'],
    ['20241231-20240101', 'write 20240101-20241231'],
    ['20241301', '20241301, which is no day'],
    ['20240101-20240230', '20240230, which is no day'],
  ])('may not be written as %s', (written, complaint) => {
    expect(studyDate.check(written)).toContain(complaint);
  });
});
