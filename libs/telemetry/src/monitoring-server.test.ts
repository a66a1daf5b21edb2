import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from './metrics.ts';
import { startMonitoringServer } from './monitoring-server.ts';
import type { MonitoringSettings } from './monitoring-server.ts';

async function serverWith(settings: Partial<MonitoringSettings> = {}) {
  return startMonitoringServer({
    port: 0,
    host: '127.0.0.1',
    metrics: await createMetrics('cloner'),
    isLive: () => true,
    isReady: () => true,
    ...settings,
  });
}

describe('the monitoring server', () => {
  it('answers metrics in Prometheus’ format', async () => {
    const metrics = await createMetrics('cloner');
    await using server = await serverWith({ metrics });
    metrics.countItem('copied', 3);
    metrics.countItem('set-aside');
    metrics.observeItemSeconds(0.02);
    metrics.addBytes(512);
    metrics.setBacklog(7, 90);
    metrics.setPaused(true);
    metrics.setServer('pacs', { state: 'down', backlog: 4 });
    metrics.setLastRun('failed');
    metrics.setLastRun('attention');
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await answer.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'orthanc_tool_items_total{outcome="copied",tool="cloner"} 3',
        'orthanc_tool_last_run{result="failed",tool="cloner"} 0',
        'orthanc_tool_last_run{result="attention",tool="cloner"} 1',
        'orthanc_tool_items_total{outcome="set-aside",tool="cloner"} 1',
        'orthanc_tool_item_seconds_bucket{le="0.05",tool="cloner"} 1',
        'orthanc_tool_item_seconds_count{tool="cloner"} 1',
        'orthanc_tool_bytes_total{tool="cloner"} 512',
        'orthanc_tool_backlog_items{tool="cloner"} 7',
        'orthanc_tool_oldest_item_age_seconds{tool="cloner"} 90',
        'orthanc_tool_paused{tool="cloner"} 1',
        'orthanc_tool_server_state{server="pacs",state="up",tool="cloner"} 0',
        'orthanc_tool_server_state{server="pacs",state="down",tool="cloner"} 1',
        'orthanc_tool_server_backlog_items{server="pacs",tool="cloner"} 4',
      ]),
    );
  });

  it('asks anew at each question whether the tool lives and is ready', async () => {
    let isReady = true;
    await using server = await serverWith({ isLive: () => false, isReady: () => Promise.resolve(isReady) });
    const status = async (path: string) => (await fetch(server.url + path)).status;
    expect(await status('/health/live')).toBe(503);
    expect(await status('/health/ready?x=1')).toBe(200);
    isReady = false;
    expect(await status('/health/ready')).toBe(503);
  });

  it('answers 500 and lives on when a question cannot be answered', async () => {
    const isLive = () => Promise.reject(new Error('hunter2'));
    const isReady = () => {
      throw new Error('hunter2');
    };
    await using server = await serverWith({ isLive, isReady });
    for (const path of ['/health/live', '/health/ready']) {
      const answer = await fetch(server.url + path);
      expect([answer.status, await answer.text()]).toEqual([500, 'This could not be found out.\n']);
    }
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200);
  });

  it('knows no other paths and no other methods', async () => {
    await using server = await serverWith();
    expect((await fetch(`${server.url}/`)).status).toBe(404);
    expect((await fetch(`${server.url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await fetch(`${server.url}/metrics`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('is gone when it was disposed of, whatever connections were open', async () => {
    const server = await serverWith();
    await fetch(`${server.url}/health/live`);
    await server[Symbol.asyncDispose]();
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
  });

  it('refuses a port in use and a foreign address in one sentence that names the options', async () => {
    await using server = await serverWith();
    const { port } = new URL(server.url);
    const taken = serverWith({ port: Number(port) });
    await expect(taken).rejects.toMatchObject({ kind: 'configuration', code: 'METRICS_PORT_UNUSABLE' });
    await expect(taken).rejects.toThrow(
      `--metrics-host (METRICS_HOST) and --metrics-port (METRICS_PORT): 127.0.0.1:${port} is in use already; choose another port.`,
    );
    await expect(serverWith({ host: '192.0.2.1' })).rejects.toThrow('is not an address of this machine.');
  });

  it('can listen on an IPv6 address where the machine has one', async () => {
    const probe = createServer().listen(0, '::1');
    const hasIpv6 = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    probe.close();
    const started = serverWith({ host: '::1' });
    if (!hasIpv6) return expect(started).rejects.toMatchObject({ code: 'METRICS_PORT_UNUSABLE' });
    await using server = await started;
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });
});
