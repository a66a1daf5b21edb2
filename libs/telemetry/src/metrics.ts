/** The numbers of one running tool. No identifiers go in here, least of all a patient's. */
export interface Metrics {
  /** `outcome` is one of a few fixed words, such as `copied` or `set-aside`. */
  countItem(outcome: string, n?: number): void;
  observeItemSeconds(seconds: number): void;
  addBytes(bytes: number): void;
  /** What waits; the age is that of the item that waits longest. */
  setBacklog(items: number, oldestAgeSeconds: number): void;
  setPaused(isPaused: boolean): void;
  /** Of one of several servers that are served side by side, by the name it has in the configuration. */
  setServer(server: string, facts: { readonly state: ServerState; readonly backlog: number }): void;
  /** Of a tool that works from time to time: how it ended the last time. */
  setLastRun(result: RunResult): void;
  /** In Prometheus' text format, version 0.0.4. */
  text(): Promise<string>;
}

const serverStates = ['up', 'alternate', 'down'] as const;

/** `alternate`: it is away, and its work goes to another. */
export type ServerState = (typeof serverStates)[number];

const runResults = ['done', 'attention', 'failed', 'interrupted'] as const;

/** `attention`: it was brought to its end, and somebody should look. */
export type RunResult = (typeof runResults)[number];

const itemSeconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/** Counts from zero, in a registry of its own. Asynchronous because it loads its library only now. */
export async function createMetrics(tool: string): Promise<Metrics> {
  // By the default export: a bundler that splits this CommonJS package off loses the named ones.
  const { default: promClient } = await import('prom-client');
  const { Counter, Gauge, Histogram, Registry } = promClient;
  const registry = new Registry();
  registry.setDefaultLabels({ tool });
  const named = (name: string, help: string) => ({
    name: `orthanc_tool_${name}`,
    help,
    registers: [registry],
  });
  const items = new Counter({
    ...named('items_total', 'Items that came to an end.'),
    labelNames: ['outcome'],
  });
  const seconds = new Histogram({
    ...named('item_seconds', 'Time that an item took.'),
    buckets: itemSeconds,
  });
  const bytes = new Counter(named('bytes_total', 'Bytes that were moved.'));
  const backlog = new Gauge(named('backlog_items', 'Items that wait.'));
  const oldest = new Gauge(named('oldest_item_age_seconds', 'Age of the item that waits longest.'));
  const paused = new Gauge(
    named('paused', '1 while the tool waits for its hours or for a server, otherwise 0.'),
  );
  const servers = new Gauge({
    ...named('server_state', '1 for the state in which the server is, 0 for the others.'),
    labelNames: ['server', 'state'],
  });
  const serverBacklog = new Gauge({
    ...named('server_backlog_items', 'Items that wait for the server.'),
    labelNames: ['server'],
  });
  const lastRun = new Gauge({
    ...named('last_run', '1 for the way in which the last run ended, 0 for the others.'),
    labelNames: ['result'],
  });
  return {
    countItem(outcome, n = 1) {
      items.inc({ outcome }, n);
    },
    observeItemSeconds(value) {
      seconds.observe(value);
    },
    addBytes(n) {
      bytes.inc(n);
    },
    setBacklog(waiting, oldestAgeSeconds) {
      backlog.set(waiting);
      oldest.set(oldestAgeSeconds);
    },
    setPaused(isPaused) {
      paused.set(isPaused ? 1 : 0);
    },
    setServer(server, facts) {
      for (const state of serverStates) servers.set({ server, state }, state === facts.state ? 1 : 0);
      serverBacklog.set({ server }, facts.backlog);
    },
    setLastRun(result) {
      for (const one of runResults) lastRun.set({ result: one }, one === result ? 1 : 0);
    },
    text: () => registry.metrics(),
  };
}

/** For a run without a metrics port: it costs nothing, while the library takes longer to load than many a run lasts. */
export const noMetrics: Metrics = {
  countItem: () => undefined,
  observeItemSeconds: () => undefined,
  addBytes: () => undefined,
  setBacklog: () => undefined,
  setPaused: () => undefined,
  setServer: () => undefined,
  setLastRun: () => undefined,
  text: () => Promise.resolve(''),
};
