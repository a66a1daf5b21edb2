export type { Facts } from './loggable-facts.ts';
export { createLogger } from './logger.ts';
export type { Logger, LoggerSettings, LogLevel } from './logger.ts';
export { createMetrics, noMetrics } from './metrics.ts';
export type { Metrics, ServerState } from './metrics.ts';
export { startMonitoringServer } from './monitoring-server.ts';
export type { MonitoringServer, MonitoringSettings } from './monitoring-server.ts';
export { telemetryOptions } from './telemetry-options.ts';
