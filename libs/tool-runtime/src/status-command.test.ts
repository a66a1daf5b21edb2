import { describe, expect, it } from '@jest/globals';
import { configurationError } from '@orthanc-tools/failures';
import { copier, ran, recordOf } from './copier-scene.ts';
import type { Copier } from './copier-scene.ts';
import type { RequeueSelector, WorkTally, WorkView } from './work-view.ts';

const tally: WorkTally = {
  waiting: 12,
  inHand: 1,
  done: 3000,
  setAside: 30,
  parts: 12_345,
  bytes: 7_000_000_000,
  exceptionParts: 5,
  byOutcome: { copied: 3000 },
  byProof: { 'id+md5': { items: 3000, parts: 12_345 } },
  byCode: { CONTENT_CONFLICT: 30 },
  oldestWaitingAt: Date.parse('2026-01-01T00:00:00Z'),
};

const part = (name: string) => ({ part: name, code: 'CONTENT_CONFLICT', message: 'Other pixels.' });

const rows = [
  {
    key: 'study-1',
    code: 'CONTENT_CONFLICT',
    message: '5 instances differ.',
    attempts: 1,
    at: Date.parse('2026-01-01T00:00:00Z'),
    parts: ['i1', 'i2', 'i3', 'i4'].map(part),
    exceptionParts: 5,
  },
];

function copierOf(asked: RequeueSelector[] = [], different: Partial<WorkView> = {}) {
  const closed: string[] = [];
  const view: WorkView = {
    tally: () => tally,
    setAsideRows: ({ limit }) => rows.slice(0, limit),
    requeue: (selector) => asked.push(selector),
    [Symbol.dispose]: () => closed.push('closed'),
    ...different,
  };
  const tool: Copier = { ...copier, work: recordOf(() => view) };
  return { tool, closed };
}

const clock = { now: () => new Date('2026-01-01T02:00:00Z'), sleep: () => Promise.resolve() };

describe('status', () => {
  it('shows the work to a person, without demanding what it does not need', async () => {
    const { tool, closed } = copierOf();
    const { exitCode, stdout, stderr } = await ran(tool, ['status'], { clock });
    expect([exitCode, stderr, closed]).toEqual([0, '', ['closed']]);
    expect(stdout).toBe(
      [
        'orthanc-copier: what its record of work says',
        '  done           3,000 studies (12,345 images, 7.0 GB)',
        '  waiting        12 studies, the oldest for 2h',
        '  in hand        1 study',
        '  set aside      30 studies (5 images)',
        '',
        'by outcome',
        '  copied         3,000',
        '',
        'by proof',
        '  id+md5         3,000 studies (12,345 images)',
        '',
        'set aside, by code',
        '  CONTENT_CONFLICT 30',
        '',
        'set aside (the first 1 of 30)',
        '  study-1  CONTENT_CONFLICT  2026-01-01T00:00:00.000Z, after 1 attempt',
        '      5 instances differ.',
        '      i1  CONTENT_CONFLICT  Other pixels.',
        '      i2  CONTENT_CONFLICT  Other pixels.',
        '      i3  CONTENT_CONFLICT  Other pixels.',
        '      and 2 more images',
        '',
      ].join('\n'),
    );
  });

  it('shows the same to a machine', async () => {
    const { stdout } = await ran(copierOf().tool, ['status', '--json']);
    expect(JSON.parse(stdout)).toEqual({ tool: 'copier', tally, setAside: rows });
  });

  it.each([
    [true, 1, '  in hand        1 study\n  set aside', '  running        yes: a process works on it now\n'],
    [false, 1, '  set aside', '  running        no; 1 study was in hand when it ended, and waits\n'],
    [false, 2, '  set aside', '  running        no; 2 studies were in hand when it ended, and wait\n'],
    [false, 0, '  set aside', '  running        no\n'],
  ])('says whether it runs: %j, with %d in hand', async (isHeld, inHand, counts, running) => {
    const view = { isHeld: () => isHeld, tally: () => ({ ...tally, inHand }) };
    const { tool } = copierOf([], view);
    const { stdout } = await ran(tool, ['status'], { clock });
    expect(stdout).toContain(running);
    expect(stdout).toContain(`the oldest for 2h\n${counts}`);
    expect(JSON.parse((await ran(tool, ['status', '--json'])).stdout)).toMatchObject({ isRunning: isHeld });
  });

  it('says that nothing was listed yet', async () => {
    const none = { done: 0, waiting: 0, inHand: 0, setAside: 0, parts: 0, bytes: 0, exceptionParts: 0 };
    const view = { tally: () => ({ ...none, byOutcome: {}, byProof: {} }), setAsideRows: () => [] };
    const { tool } = copierOf([], view);
    expect((await ran(tool, ['status'])).stdout).toBe(
      'orthanc-copier: what its record of work says\n  nothing was listed yet\n',
    );
  });

  it('shows further items by their groups, and none that is empty', async () => {
    const items = Array.from({ length: 21 }, (_, index) => ({ key: `s${String(index)}`, daysLeft: index }));
    const groups = () => [
      { title: 'in quarantine', items },
      { title: 'objected to', items: [] },
    ];
    const { tool } = copierOf([], { groups });
    const { stdout } = await ran(tool, ['status']);
    expect(stdout).toContain(
      '\nin quarantine (the first 20 of 21)\n  s0  days left: 0\n  s1  days left: 1\n',
    );
    expect(stdout).not.toContain('objected to');
    expect(JSON.parse((await ran(tool, ['status', '--json'])).stdout)).toMatchObject({
      groups: [{ title: 'in quarantine', count: 21, items }],
    });
  });

  it('still refuses what is wrong', async () => {
    expect(await ran(copierOf().tool, ['status', '--dest-url=b'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('lets the tool say what it misses', async () => {
    const open = () => {
      throw configurationError('LEDGER_MISSING', 'There is no ledger yet.');
    };
    expect(await ran({ ...copier, work: recordOf(open) }, ['status'])).toMatchObject({
      exitCode: 2,
      stderr:
        'orthanc-copier: There is no ledger yet. Which one is meant, say with --record (RECORD). [LEDGER_MISSING]\n',
    });
  });
});

describe('requeue', () => {
  it.each([
    [['--all'], { all: true }],
    [['--key', 'a', '--key=a'], { keys: ['a'] }],
    [['--code=CONTENT_CONFLICT'], { codes: ['CONTENT_CONFLICT'] }],
  ])('hands on what is meant: %j', async (argv, selector) => {
    const asked: RequeueSelector[] = [];
    const { exitCode, stdout } = await ran(copierOf(asked).tool, ['requeue', ...argv]);
    expect([exitCode, asked]).toEqual([0, [selector]]);
    expect(stdout).toBe('1 study will be tried again when orthanc-copier runs.\n');
  });

  it.each([[[]], [['--all', '--key=a']], [['--key=a', '--code=B']], [['--no-all']]])(
    'does nothing unless told clearly: %j',
    async (argv) => {
      const asked: RequeueSelector[] = [];
      const { exitCode, stderr } = await ran(copierOf(asked).tool, ['requeue', ...argv]);
      expect([exitCode, asked]).toEqual([2, []]);
      expect(stderr).toContain('either --all, or --key KEY, or --code CODE');
    },
  );

  it.each([{ ALL: 'true' }, { KEY: 'a' }, { CODE: 'B' }])(
    'takes no word from the environment: %j',
    async (env) => {
      const asked: RequeueSelector[] = [];
      const { exitCode } = await ran(copierOf(asked).tool, ['requeue'], { env });
      expect([exitCode, asked]).toEqual([2, []]);
    },
  );

  it.each([
    [['--key=a,b'], 'the keys a, b'],
    [['--key=a'], 'the key a'],
    [['--code=NOPE'], 'the code NOPE'],
  ])('says that nothing is set aside so: %j', async (argv, names) => {
    const { tool } = copierOf([], { requeue: () => 0 });
    expect(await ran(tool, ['requeue', ...argv])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: `orthanc-copier: Nothing is set aside under ${names}. "orthanc-copier status" shows what is. [REQUEUE_FOUND_NOTHING]\n`,
    });
  });

  it('says how many of the keys are not set aside', async () => {
    const { exitCode, stdout } = await ran(copierOf().tool, ['requeue', '--key=a,b,b,c']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      '1 study will be tried again when orthanc-copier runs. 2 of the 3 keys are not set aside.\n',
    );
  });

  it('finds nothing to do without a fault, when everything is meant', async () => {
    const { tool } = copierOf([], { requeue: () => 0 });
    expect(await ran(tool, ['requeue', '--all'])).toMatchObject({
      exitCode: 0,
      stdout: 'Nothing is set aside.\n',
    });
  });

  it('says what to do when a run holds the record', async () => {
    const requeue = () => {
      throw configurationError('LEDGER_IN_USE', 'The ledger x is in use by another process.');
    };
    expect(await ran(copierOf([], { requeue }).tool, ['requeue', '--all'])).toMatchObject({
      exitCode: 2,
      stderr:
        'orthanc-copier: The ledger x is in use by another process. Stop orthanc-copier first, or wait until it has ended; then requeue. [LEDGER_IN_USE]\n',
    });
  });

  it('answers in JSON', async () => {
    expect((await ran(copierOf().tool, ['requeue', '--all', '--json'])).stdout).toBe(
      '{"tool":"copier","requeued":1}\n',
    );
  });
});
