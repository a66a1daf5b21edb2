import { configFile, filePath } from '@orthanc-tools/tool-options';

const group = 'Running the tool';

/** The options of the runtime itself; every tool's table spreads them. */
export const runtimeOptions = {
  report: filePath({
    written: 'anew',
    group,
    describe: 'File to which the result of the run is written as JSON when it ends.',
    aliases: ['reportPath'],
    placeholder: 'FILE',
    example: '/status/report.json',
  }),
  config: configFile({
    group,
    describe: 'File (YAML or JSON) with further options, one per line: "log-level: warn".',
    example: '/etc/orthanc-tools/options.yml',
  }),
};
