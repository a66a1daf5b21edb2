import { describe, expect, it } from '@jest/globals';
import { declareOptions, resolveOptions } from '@orthanc-tools/tool-options';
import { telemetryOptions } from './telemetry-options.ts';

const table = declareOptions(telemetryOptions);
const valuesOf = async (env: Record<string, string>) =>
  (await resolveOptions(table, { argv: [], env })).values;

describe('the options for logs and metrics', () => {
  it('log at info, choose the format by themselves and open no port', async () => {
    expect(await valuesOf({})).toEqual({
      logLevel: 'info',
      logFormat: 'auto',
      verboseEnabled: false,
      metricsPort: undefined,
      metricsHost: '127.0.0.1',
    });
  });

  it('take VERBOSE_ENABLED=false for no', async () => {
    expect(await valuesOf({ VERBOSE_ENABLED: 'false' })).toMatchObject({ verboseEnabled: false });
    expect(await valuesOf({ VERBOSE_ENABLED: 'True' })).toMatchObject({ verboseEnabled: true });
  });

  it('read the level in any case, and with the words of Python', async () => {
    expect(await valuesOf({ LOG_LEVEL: 'WARNING' })).toMatchObject({ logLevel: 'warn' });
  });

  it('refuse a port that does not exist', async () => {
    await expect(valuesOf({ METRICS_PORT: '0' })).rejects.toThrow('--metrics-port (METRICS_PORT) must be');
    await expect(valuesOf({ METRICS_PORT: '65536' })).rejects.toThrow(
      '--metrics-port (METRICS_PORT) must be',
    );
  });
});
