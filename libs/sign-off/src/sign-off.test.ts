import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { eachOpenPart } from './each-open-part.ts';
import { itemSums } from './item-sums.ts';
import { signOff } from './sign-off.ts';
import { checkPagePlace, writeSignOff } from './write-sign-off.ts';

let folder: string;
let ledger: WorkLedger;

const cut = (part: string, code = 'INSTANCE_FILTERED') => ({ part, code, message: `Because of ${code}.` });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sign-off-'));
  ledger = openLedger(join(folder, 'ledger.sqlite'));
  ledger.enqueue(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({ key })));
  const [a, b, c, d, e] = ledger.claimNext(1000, 5);
  const whole = { outcome: 'copied', proof: 'id+md5', parts: 10, bytes: 1000 };
  const some = Array.from({ length: 25 }, (_, at) => cut(`b-${String(at)}`));
  if (a) ledger.settle(a, whole);
  if (b) ledger.settle(b, { ...whole, exceptions: [...some, cut('b-x', 'CONTENT_CONFLICT')] });
  if (c) ledger.setAside(c, { code: 'CONTENT_CHANGED', message: 'It is another one.' });
  if (d) ledger.settle(d, { outcome: 'vanished', proof: 'none', parts: 0, bytes: 0 });
  if (e) ledger.settle(e, { ...whole, proof: 'id', parts: 2 });
});

afterAll(async () => {
  ledger[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

const words = () => ({
  from: 'here',
  to: 'there',
  unit: 'study' as const,
  items: itemSums(ledger.tally(), { vanished: ['vanished'] }),
  identityConflicts: 0,
});

describe('a report to sign off', () => {
  it('tells counts, bytes, proofs, conflicts and reasons', () => {
    expect(signOff(ledger, words())).toEqual({
      from: 'here',
      to: 'there',
      verdict: {
        is: 'incomplete',
        text: '2 of 6 studies are not complete; 26 images are missing by name.',
      },
      unit: 'study',
      items: {
        ...{ total: 6, proved: 2, existing: 0, accepted: 0, vanished: 1 },
        ...{ passedOver: 0, setAside: 2, waiting: 1 },
      },
      limitedTo: [],
      openSearches: 0,
      instances: { proved: 22, missing: 26 },
      bytes: 3000,
      proofs: [
        { proof: 'id', items: 1, instances: 2 },
        { proof: 'id+md5', items: 2, instances: 20 },
      ],
      conflicts: { content: 2, identity: 0 },
      setAside: [
        { code: 'CONTENT_CHANGED', items: 1, instances: 0 },
        { code: 'CONTENT_CONFLICT', items: 1, instances: 1 },
        { code: 'INSTANCE_FILTERED', items: 1, instances: 25 },
      ],
    });
  });

  it('calls no image proved that was only accepted', () => {
    const tally = { ...ledger.tally(), parts: 5, byProof: { none: { items: 1, parts: 5 } } };
    const report = signOff({ tally: () => tally, reasons: () => [] }, words());
    expect(report.instances.proved).toBe(0);
    expect(report.proofs).toEqual([]);
  });

  it('knows no complete copy where the ledger holds more that is open than items', () => {
    const items = { ...words().items, setAside: 1, waiting: 1 };
    expect(signOff(ledger, { ...words(), items }).openSearches).toBe(1);
  });

  it('names every image, and what was set aside as a whole', () => {
    const open = [...eachOpenPart(ledger)];
    expect(open).toHaveLength(27);
    expect(open).toContainEqual({ item: 'c', part: '', code: 'CONTENT_CHANGED', why: 'It is another one.' });
  });

  it('is a page with the same in words, and room for a signature', async () => {
    const path = join(folder, 'page.html');
    await checkPagePlace(path);
    await writeSignOff(path, signOff(ledger, words()), {
      what: 'Clone',
      endedAt: new Date('2026-01-02T03:04:05Z'),
      open: () => eachOpenPart(ledger),
      identityConflicts: [{ of: 'patient-1', differ: ['name'] }],
      madeBy: 'a test',
    });
    const html = await readFile(path, 'utf8');
    expect(html).toContain('<title>Clone from here to there</title>');
    expect(html).toContain('2026-01-02 03:04 UTC');
    expect(html).toContain('same MD5 of the whole file');
    expect(html).toContain('<b>3 kB</b><span>in all</span>'.replace('<b>', '<b class="quiet">'));
    expect(html.match(/b-\d+/g)).toHaveLength(25);
    expect(html.match(/<td>identity<\/td>/g)).toHaveLength(1);
    expect(html.match(/<td>content<\/td>/g)).toHaveLength(2);
    expect(html).toContain('<li>Signature</li>');
  });

  it('says how many there are where it does not show all', async () => {
    const path = join(folder, 'page.html');
    const part = (number: number) => ({
      item: 'b',
      part: String(number),
      code: 'CONTENT_CONFLICT',
      why: 'Other.',
    });
    function* patientsOnce() {
      yield { of: 'patient-1', differ: ['name'] };
    }
    await writeSignOff(path, signOff(ledger, { ...words(), identityConflicts: 1 }), {
      what: 'Clone',
      endedAt: new Date('2026-01-02T03:04:05Z'),
      open: () => Array.from({ length: 6000 }, (_, number) => part(number)),
      identityConflicts: patientsOnce(),
      allRowsIn: 'clone.json',
      madeBy: 'a test',
    });
    const html = await readFile(path, 'utf8');
    expect(html).toContain('These are the first 5,000 of 6,000. All are in clone.json.');
    expect(html).toContain('These are the first 5,000 of 6,001.');
  });

  it('says before the work that the page has no place', async () => {
    await expect(checkPagePlace(join(folder, 'missing', 'page.html'))).rejects.toMatchObject({
      code: 'REPORT_UNWRITABLE',
      message: expect.stringContaining('--html-report (HTML_REPORT)'),
    });
  });
});
