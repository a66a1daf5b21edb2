import { describe, expect, it } from '@jest/globals';
import { keepsIdentity } from './keeps-identity.ts';
import { readOrder } from './read-order.ts';

const modified = (body: object, identifiers?: 'new') =>
  readOrder({ kind: 'modify', body: { ...body }, identifiers }, undefined);

describe('who an instance is', () => {
  it('stays the same without a change, and with one of other tags or of the transfer syntax', () => {
    expect(keepsIdentity(undefined)).toBe(true);
    for (const order of [
      modified({ Replace: { InstitutionName: 'North' }, Remove: ['OperatorsName'] }),
      readOrder(undefined, '1.2.840.10008.1.2.4.90'),
    ])
      expect(keepsIdentity({ order, edit: undefined })).toBe(true);
  });

  it('may become another one by new identifiers, a replaced one, an anonymisation or a hook', () => {
    const orders = [
      modified({}, 'new'),
      modified({ Replace: { PatientID: 'x' }, Force: true }),
      readOrder({ kind: 'anonymize', body: {} }, undefined),
    ];
    for (const order of orders) expect(keepsIdentity({ order, edit: undefined })).toBe(false);
    expect(keepsIdentity({ order: undefined, edit: () => Promise.resolve(undefined) })).toBe(false);
  });
});
