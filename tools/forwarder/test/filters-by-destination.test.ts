import { describe, expect, it } from '@jest/globals';
import { seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './forward-scene.ts';

interface Series {
  readonly ID: string;
  readonly MainDicomTags: { readonly Modality: string; readonly StationName?: string };
  readonly Instances: readonly string[];
}

const ask = async <Answer>(url: string, init?: RequestInit): Promise<Answer> => {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${String(answer.status)}`);
  return (await answer.json()) as Answer;
};

const post = <Answer>(url: string, content: object) =>
  ask<Answer>(url, { method: 'POST', body: JSON.stringify(content) });

/** Instances of the series that the query finds. */
async function instancesWith(url: string, query: object): Promise<string[]> {
  const series = await post<Series[]>(`${url}/tools/find`, { Level: 'Series', Expand: true, Query: query });
  return series.flatMap(({ Instances }) => Instances).toSorted();
}

const mixed = {
  modalities: ['CT', 'MR', 'US'],
  studies: 8,
  seriesPerStudy: 1,
  instancesPerSeries: 2,
} as const;

describe('a destination gets what its filter lets through', () => {
  it('by modality, station and description; what nobody wants stays, and is counted', async () => {
    await using scene = await openScene({
      seed: 321,
      shape: mixed,
      destinations: { a: {}, b: {} },
    });
    const { inbox, destinations } = scene;
    const [oneOfCt] = await post<{ MainDicomTags: { StudyDescription: string } }[]>(
      `${inbox.url}/tools/find`,
      {
        Level: 'Study',
        Expand: true,
        Query: { ModalitiesInStudy: 'CT' },
      },
    );
    const description = oneOfCt?.MainDicomTags.StudyDescription ?? '';
    const expected = {
      ct: await instancesWith(inbox.url, { Modality: 'CT', StudyDescription: description }),
      mr: await instancesWith(inbox.url, { Modality: 'MR' }),
    };
    for (const instances of Object.values(expected)) expect(instances.length).toBeGreaterThan(0);
    const wanted = new Set(Object.values(expected).flat());
    const file = await scene.destinationsFile({
      destinations: [
        {
          name: 'ct',
          target: 'a',
          filter: { modalities: ['CT'], studyDescriptionPattern: `^${description}$` },
        },
        { name: 'mr', target: 'b', filter: { stations: ['MR1'], studyDescription: 'MR' } },
      ],
    });
    const { exitCode, stdout, summary } = await scene.run({ more: [file, '--trigger=StableStudy'] });
    expect(exitCode).toBe(0);
    expect(await scene.held(destinations.a)).toEqual(expected.ct);
    expect(await scene.held(destinations.b)).toEqual(expected.mr);
    const unwanted = scene.sent.filter((id) => !wanted.has(id));
    expect(unwanted.length).toBeGreaterThan(0);
    expect(await scene.held(inbox)).toEqual(unwanted);
    expect(stdout).toContain('unit.unwanted');
    expect(summary).toMatchObject({ unwantedUnits: unwanted.length / 2 });
  });

  it('by sender and by label', async () => {
    await using scene = await openScene({
      seed: 322,
      shape: { seriesPerStudy: 1 },
      destinations: { sent: {}, labelled: {}, scanner: {} },
    });
    const { inbox, destinations, sent: uploaded } = scene;
    const [, labelled = ''] = await ask<string[]>(`${inbox.url}/studies`);
    await fetch(`${inbox.url}/studies/${labelled}/labels/research`, { method: 'PUT', body: '' });
    const withLabel = (await ask<{ ID: string }[]>(`${inbox.url}/studies/${labelled}/instances`)).map(
      ({ ID }) => ID,
    );
    await using other = await openScene({ seed: 323, studies: 1, destinations: {} });
    await seedOrthanc(destinations.scanner, other.files);
    const fromScanner = await scene.held(destinations.scanner);
    await post(`${destinations.scanner.url}/modalities/source/store`, { Resources: fromScanner });
    const file = await scene.destinationsFile({
      destinations: [
        { name: 'sent', target: 'sent', filter: { senders: [destinations.scanner.aet] } },
        { name: 'labelled', target: 'labelled', filter: { labels: ['research', 'other'] } },
      ],
    });
    const { exitCode } = await scene.run({ more: [file, '--trigger=StableStudy'] });
    expect(exitCode).toBe(0);
    expect(await scene.held(destinations.sent)).toEqual(fromScanner);
    expect(await scene.held(destinations.labelled)).toEqual(withLabel.toSorted());
    expect(await scene.held(inbox)).toEqual(uploaded.filter((id) => !withLabel.includes(id)));
  });

  it('keeps and counts the series that nobody wants of a study that goes', async () => {
    await using scene = await openScene({ seed: 324, studies: 1, destinations: { a: {} } });
    const { inbox, destinations } = scene;
    const [first] = await post<Series[]>(`${inbox.url}/tools/find`, {
      Level: 'Series',
      Expand: true,
      Query: {},
    });
    await fetch(`${inbox.url}/series/${first?.ID ?? ''}/labels/key`, { method: 'PUT', body: '' });
    const file = await scene.destinationsFile({
      destinations: [{ name: 'a', target: 'a', filter: { labels: ['key'] } }],
    });
    const { exitCode, stdout, summary } = await scene.run({ more: [file, '--trigger=StableStudy'] });
    expect(exitCode).toBe(0);
    expect(await scene.held(destinations.a)).toEqual(first?.Instances.toSorted());
    expect(await scene.held(inbox)).toHaveLength(3);
    expect(summary).toMatchObject({ unwantedUnits: 0, partlyUnwantedUnits: 1, deletedInstances: 3 });
    expect(stdout).toContain('unit.unwanted');
  });

  it('also what was there before the filter was widened', async () => {
    await using scene = await openScene({ seed: 325, studies: 1, destinations: { a: {} } });
    const run = async (modality: string) => {
      const file = await scene.destinationsFile({
        destinations: [{ name: 'a', target: 'a', filter: { modalities: [modality] } }],
      });
      return scene.run({ more: [file, '--trigger=StableStudy'] });
    };
    const before = await run('MR');
    expect(before.summary).toMatchObject({ unwantedUnits: 1 });
    const after = await run('CT');
    expect(after.summary).toMatchObject({ unwantedUnits: 0, forwardedUnits: 1 });
    expect(await scene.held(scene.destinations.a)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it.each([[['b']], [[]]])(
    'counts what only a destination was to have that is none any more (retired: %j)',
    async (retired) => {
      await using scene = await openScene({ seed: 327, studies: 1, destinations: { a: {}, b: {} } });
      await scene.destinations.b.stop();
      const stop = new AbortController();
      await scene.run({
        more: ['--destination=b', '--trigger=StableStudy'],
        isFollowing: true,
        signal: stop.signal,
        onOutput: (stdout) => {
          if (stdout.includes('"destination.down"')) stop.abort();
        },
      });
      const file = await scene.destinationsFile({
        destinations: [{ name: 'a', target: 'a', filter: { modalities: ['MR'] } }],
        retired,
      });
      const { stdout, summary } = await scene.run({ more: [file, '--trigger=StableStudy'] });
      expect(stdout).toContain('"unit.unwanted"');
      expect(summary).toMatchObject({ unwantedUnits: 1 });
      expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    },
  );

  it('waits for a destination that was taken out of the configuration until it is said to be retired', async () => {
    await using scene = await openScene({
      seed: 326,
      studies: 1,
      destinations: { a: {}, b: { behaviour: 'lying' } },
    });
    await scene.run({ more: ['--destination=a,b', '--trigger=StableStudy', '--max-retries=0'] });
    const { stdout, exitCode } = await scene.run({ more: ['--destination=a', '--trigger=StableStudy'] });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('destination.unconfigured');
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    const file = await scene.destinationsFile({
      destinations: [{ name: 'a', target: 'a' }],
      retired: ['b'],
    });
    const after = await scene.run({ more: [file, '--trigger=StableStudy'] });
    expect(after.stdout).not.toContain('destination.unconfigured');
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});
