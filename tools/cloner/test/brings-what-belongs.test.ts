import { describe, expect, it } from '@jest/globals';
import { snapshotBelongings } from '@orthanc-tools/orthanc-testbed';
import { changeOneInstance } from './change-one-instance.ts';
import { type Scene, openScene } from './clone-scene.ts';

const configuration = { UserMetadata: { triage: 1030 }, StableAge: 600 };

interface Resources {
  readonly patient: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

/** Adds something to, or takes it away from, one side. */
async function change(
  { url }: { readonly url: string },
  path: string,
  body: string | undefined,
): Promise<void> {
  const answer = await fetch(
    `${url}/${path}`,
    body === undefined ? { method: 'DELETE' } : { method: 'PUT', body },
  );
  if (!answer.ok) throw new Error(`${path} was answered with ${String(answer.status)}`);
}

async function firstOf({ source: { url } }: Scene, number = 0): Promise<Resources> {
  const json = async (path: string) => (await fetch(`${url}${path}`)).json() as Promise<never>;
  const study = ((await json('/studies')) as string[])[number] ?? '';
  const {
    Series: [series = ''],
    ParentPatient: patient,
  } = (await json(`/studies/${study}`)) as {
    Series: string[];
    ParentPatient: string;
  };
  const {
    Instances: [instance = ''],
  } = (await json(`/series/${series}`)) as { Instances: string[] };
  return {
    patient: `patients/${patient}`,
    study: `studies/${study}`,
    series: `series/${series}`,
    instance: `instances/${instance}`,
  };
}

/** Something of every kind, at every level. */
async function addEverything(scene: Scene): Promise<Resources> {
  const resources = await firstOf(scene);
  for (const resource of Object.values(resources) as string[]) {
    await change(scene.source, `${resource}/labels/KEEP`, '');
    await change(scene.source, `${resource}/metadata/1024`, 'größer');
    await change(scene.source, `${resource}/attachments/1040`, `a file of ${resource}`);
  }
  await change(scene.source, `${resources.study}/metadata/triage`, 'urgent');
  await change(scene.source, `${resources.patient}/protected`, '1');
  return resources;
}

const openOwnScene = (seed: number, more: object = {}) =>
  openScene({
    seed,
    studies: 4,
    seriesPerStudy: 2,
    instancesPerSeries: 3,
    source: { configuration },
    ...more,
  });

const isChange = ({ method, path }: { method: string; path: string }) =>
  method === 'PUT' && /\/(labels|metadata|attachments|protected)/.test(path);

describe('what users have added to a study', () => {
  it.each(['1.13', '1.12'] as const)(
    'arrives with it at every level, and is proved, at Orthanc %s',
    async (version) => {
      await using scene = await openOwnScene(1101, {
        source: { configuration, version },
        destination: { configuration, version },
      });
      await addEverything(scene);
      const { exitCode, report } = await scene.run();
      expect(exitCode).toBe(0);
      expect(report.summary).toMatchObject({ broughtBelongings: 14, provedBelongings: 14 });
      const held = await snapshotBelongings(scene.source);
      expect(held.size).toBe(14);
      expect(await snapshotBelongings(scene.destination)).toEqual(held);

      scene.toDestination.forget();
      const again = await scene.run({ argv: [...scene.usualArguments, '--prove-again'] });
      expect(again.exitCode).toBe(0);
      expect(again.report.summary).toMatchObject({ broughtBelongings: 0, provedBelongings: 14 });
      expect(scene.toDestination.requests.filter(isChange)).toEqual([]);
    },
  );

  it('stays behind so far as it is not chosen, and follows when it is chosen later', async () => {
    await using scene = await openOwnScene(1102);
    await addEverything(scene);
    expect((await scene.run({ argv: [...scene.usualArguments, '--belongings=none'] })).exitCode).toBe(0);
    expect(await snapshotBelongings(scene.destination)).toEqual(new Map());
    expect(
      (await scene.run({ argv: [...scene.usualArguments, '--belongings=labels,protection'] })).exitCode,
    ).toBe(0);
    const held = await snapshotBelongings(scene.destination);
    expect([...held.keys()].filter((key) => /\/(labels|protection)/.test(key))).toHaveLength(5);
    expect(held.size).toBe(5);
  });

  it('is left as the users of the destination have set it, and the study is set aside', async () => {
    await using scene = await openOwnScene(1103, { destination: { configuration } });
    const { study } = await addEverything(scene);
    expect((await scene.run()).exitCode).toBe(0);
    await change(scene.destination, `${study}/metadata/triage`, 'done');
    await change(scene.source, `${study}/metadata/triage`, 'very urgent');
    await change(scene.source, `${study}/metadata/1024`, 'kleiner');
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(3);
    expect(report.setAside.flatMap(({ parts }) => parts)).toEqual([
      expect.objectContaining({ part: `${study}/metadata/1030`, code: 'BELONGING_CONFLICT' }),
    ]);
    const held = await snapshotBelongings(scene.destination);
    expect([held.get(`${study}/metadata/1030`), held.get(`${study}/metadata/1024`)]).toEqual([
      'done',
      'kleiner',
    ]);
    const again = await scene.run({
      argv: [...scene.usualArguments, '--prove-again', '--belongings-conflicts=source'],
    });
    expect(again.exitCode).toBe(0);
    expect(await snapshotBelongings(scene.destination)).toEqual(await snapshotBelongings(scene.source));
  });

  it('is kept where the destination has more, and taken away again only where told to', async () => {
    await using scene = await openOwnScene(1104, { destination: { configuration } });
    const { study } = await addEverything(scene);
    expect((await scene.run()).exitCode).toBe(0);
    await change(scene.destination, `${study}/labels/OWN`, '');
    await change(scene.source, `${study}/metadata/1024`, undefined);
    await change(scene.source, `${study}/labels/KEEP`, undefined);
    expect((await scene.run({ argv: [...scene.usualArguments, '--prove-again'] })).exitCode).toBe(0);
    expect((await snapshotBelongings(scene.destination)).size).toBe(15);
    const removing = await scene.run({
      argv: [...scene.usualArguments, '--prove-again', '--belongings-removals'],
    });
    expect(removing.exitCode).toBe(0);
    const held = await snapshotBelongings(scene.source);
    expect(await snapshotBelongings(scene.destination)).toEqual(
      new Map([...held, [`${study}/labels/OWN`, '']]),
    );
  });

  it('goes by the name of metadata, whatever its number, and never under a name that means something else', async () => {
    await using scene = await openOwnScene(1105, {
      source: { configuration: { UserMetadata: { triage: 1030, reader: 1031 } } },
      destination: { configuration: { UserMetadata: { triage: 1050, room: 1031 } } },
    });
    const { study } = await firstOf(scene);
    await change(scene.source, `${study}/metadata/triage`, 'urgent');
    await change(scene.source, `${study}/metadata/reader`, 'somebody');
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(3);
    expect(report.setAside.flatMap(({ parts }) => parts)).toEqual([
      expect.objectContaining({ part: `${study}/metadata/1031`, code: 'METADATA_NAME_CLASH' }),
    ]);
    expect(await snapshotBelongings(scene.destination)).toEqual(
      new Map([[`${study}/metadata/1050`, 'urgent']]),
    );
  });

  it('waits for a destination that refuses it for a while, and is set aside by name where it is refused for good', async () => {
    await using scene = await openOwnScene(1106);
    const { study } = await addEverything(scene);
    scene.toDestination.addFault({ effect: 'answer', status: 503, times: 3, matching: isChange });
    scene.toDestination.addFault({
      effect: 'answer',
      status: 403,
      matching: (request) => isChange(request) && request.path.includes('/attachments/'),
    });
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(3);
    expect(report.setAside.flatMap(({ parts }) => parts)).toContainEqual(
      expect.objectContaining({ part: `${study}/attachments/1040`, code: 'ORTHANC_UNAUTHORIZED' }),
    );
    expect((await snapshotBelongings(scene.destination)).size).toBe(10);
    expect(await scene.differences()).toEqual([]);
  });

  it('follows what changes while it is copied, labels and protection too', async () => {
    await using scene = await openOwnScene(1107);
    const { study, series, instance } = await addEverything(scene);
    let isFirst = true;
    scene.toDestination.addFault({
      effect: 'hold',
      // Everything has been read at the source when the label comes to the destination.
      until: new Promise<void>((resolve) => {
        scene.toDestination.addFault({
          effect: 'hang',
          rate: 0,
          matching: (request) => {
            if (isFirst && isChange(request)) {
              isFirst = false;
              void (async () => {
                await change(scene.source, `${study}/metadata/triage`, 'later');
                await change(scene.source, `${series}/attachments/1040`, 'another file');
                await change(scene.source, `${instance}/labels/NEW`, '');
                const other = await firstOf(scene, 3);
                await change(scene.source, `${other.patient}/protected`, '1');
                await change(scene.source, `${other.study}/labels/NEW`, '');
                resolve();
              })();
            }
            return false;
          },
        });
      }),
      times: 1,
      matching: isChange,
    });
    const { exitCode } = await scene.run();
    expect(exitCode).toBe(0);
    const held = await snapshotBelongings(scene.source);
    expect(held.get(`${study}/metadata/1030`)).toBe('later');
    expect(await snapshotBelongings(scene.destination)).toEqual(held);
  });

  it('is swept while the source is followed', async () => {
    await using scene = await openOwnScene(1108);
    const ending = new AbortController();
    const { study } = await firstOf(scene);
    let added: Promise<void> | undefined;
    const { exitCode } = await scene.run({
      argv: [
        ...scene.usualArguments.filter((argument) => argument !== '--existing-changes-only'),
        '--labels-sweep=100ms',
      ],
      signal: ending.signal,
      onOutput: (printed) => {
        if (printed.split('"study.verified"').length > 4)
          added ??= change(scene.source, `${study}/labels/LATE`, '');
        if (printed.split('"study.verified"').length > 5) ending.abort();
      },
    });
    expect(exitCode).toBe(130);
    expect([...(await snapshotBelongings(scene.destination)).keys()]).toEqual([`${study}/labels/LATE`]);
  });

  it.each([
    ['at the end of a run that does not follow', '1h', 1],
    ['not there either where it is never to be', '0s', 0],
  ])('is swept %s', async (_, every, sweeps) => {
    await using scene = await openOwnScene(1109, { studies: 1 });
    const run = await scene.run({ argv: [...scene.usualArguments, `--labels-sweep=${every}`] });
    expect(run.exitCode).toBe(0);
    expect(run.stdout.split('"labels.swept"').length - 1).toBe(sweeps);
  });
});

describe('a study under whose identifiers the destination holds something else', () => {
  it('is given nothing', async () => {
    await using scene = await openOwnScene(1391, { studies: 1 });
    await addEverything(scene);
    await changeOneInstance(scene.source, scene.destination);
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(3);
    const codes = report.setAside.flatMap(({ parts }) => parts.map(({ code }) => code));
    expect(new Set(codes)).toEqual(new Set(['CONTENT_CONFLICT', 'BELONGING_HELD_BACK']));
    expect(report.summary).toMatchObject({ broughtBelongings: 0 });
    const labels = await fetch(`${scene.destination.url}/tools/labels`);
    expect(await labels.json()).toEqual([]);
  });
});
