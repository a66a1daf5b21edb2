// HEALTHCHECK of every image: whether the tool's own health port answers. A tool without one is not asked.
import process from 'node:process';

const { METRICS_PORT: port, METRICS_HOST: host } = process.env;
const everywhere = new Set([undefined, '', '0.0.0.0', '::']);

if (port) {
  const name = everywhere.has(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const answer = await globalThis.fetch(`http://${name}:${port}/health/live`).catch(() => undefined);
  process.exitCode = answer?.ok === true ? 0 : 1;
}
