import { count, oneOf, text, toggle } from '@orthanc-tools/tool-options';
import { logLevels } from './logger.ts';

const group = 'Logs and metrics';

/** How a tool tells what it does; whether `auto` means json or pretty is for whoever knows the terminal. */
export const telemetryOptions = {
  logLevel: oneOf(logLevels, {
    group,
    describe: 'The least important lines that are logged.',
    default: 'info',
    synonyms: { warning: 'warn', critical: 'error' },
  }),
  logFormat: oneOf(['auto', 'json', 'pretty'], {
    group,
    describe:
      'One JSON object per line, or lines for people; auto is pretty on a terminal and json elsewhere.',
    default: 'auto',
  }),
  verboseEnabled: toggle({
    group,
    describe: 'Log everything, as --log-level=debug does.',
  }),
  metricsPort: count({
    group,
    describe:
      'Port on which /metrics (Prometheus), /health/live and /health/ready are answered; none when left out.',
    min: 1,
    max: 65535,
  }),
  metricsHost: text({
    group,
    describe:
      'Address on which the metrics port is opened; in a container 0.0.0.0, so that others can reach it.',
    default: '127.0.0.1',
  }),
};
