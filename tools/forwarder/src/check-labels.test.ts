import { describe, expect, it } from '@jest/globals';
import { checkLabels } from './check-labels.ts';
import type { Destination } from './destination.ts';

const destination = (labels?: readonly string[]) => ({ name: 'a', filter: { labels } }) as Destination;
const without = { hasLabels: false, version: '1.11.3' };

describe('an inbox without labels', () => {
  it.each([
    [{ destinations: [destination()], urgent: undefined }, undefined],
    [
      { destinations: [destination(['x'])], urgent: undefined },
      'The filter of the destination "a" asks for labels',
    ],
    [{ destinations: [destination()], urgent: { labels: ['STAT'] } }, '"urgent" asks for labels'],
  ])('refuses what could never match: %j', (forwarding, sentence) => {
    const check = () => {
      checkLabels(forwarding, without);
    };
    if (sentence === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(sentence);
  });

  it('is no matter where there are labels', () => {
    const check = () => {
      checkLabels({ destinations: [destination(['x'])], urgent: undefined }, { ...without, hasLabels: true });
    };
    expect(check).not.toThrow();
  });
});
