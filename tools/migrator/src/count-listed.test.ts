import { spanOf, undated } from '@orthanc-tools/study-search';
import { expect, it } from '@jest/globals';
import { isInSpans } from './count-listed.ts';

it('finds a study of a list among those of the range by its date, and one without by the sweep', () => {
  const { span } = spanOf('20241231', '20240101');
  expect(['20240101', '20241231', '20231231', ''].map((date) => isInSpans(date, [span]))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isInSpans('', [span, undated])).toBe(true);
  expect(isInSpans('20240101', [])).toBe(false);
});
