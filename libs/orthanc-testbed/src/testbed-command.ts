// testbed-command.ts provision | start [--name NAME] [--version 1.13|1.12] [--setting KEY=JSON …]
// Prepares the provider of this machine, or starts one Orthanc and keeps it until it is interrupted.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { configurationError, describeFailure, exitCodes } from '@orthanc-tools/failures';
import { openTestbed } from './testbed.ts';
import type { OrthancVersion } from './running-orthanc.ts';

const usage =
  'Usage: testbed-command.ts provision | start [--name NAME] [--version 1.13|1.12] [--setting KEY=JSON …]';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'orthanc' },
    version: { type: 'string', default: '1.13' },
    setting: { type: 'string', multiple: true, default: [] },
  },
});

async function provision(version: OrthancVersion): Promise<void> {
  const testbed = await openTestbed();
  const made = await testbed.prepare(version);
  await using orthanc = await testbed.startOrthanc({ version });
  console.log(`Provider: ${testbed.describe()}\nFrom:     ${made}\nOrthanc:  ${orthanc.version}`);
}

async function start(version: OrthancVersion): Promise<void> {
  const testbed = await openTestbed();
  const configuration = Object.fromEntries(values.setting.map(readSetting));
  await using orthanc = await testbed.startOrthanc({ name: values.name, version, configuration });
  console.log(
    `Orthanc ${orthanc.version} (${testbed.provider}): ${orthanc.url}, DICOM ${orthanc.aet} at port ${String(orthanc.dicomPort)}`,
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

function readSetting(setting: string): [string, unknown] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
  if (key === undefined || value === undefined)
    throw configurationError('SETTING_INVALID', `--setting ${setting}: expected KEY=JSON`);
  try {
    return [key, JSON.parse(value)];
  } catch {
    return [key, value];
  }
}

async function main(): Promise<void> {
  const version = values.version;
  if (version !== '1.13' && version !== '1.12') throw configurationError('VERSION_UNKNOWN', usage);
  if (positionals[0] === 'provision') await provision(version);
  else if (positionals[0] === 'start') await start(version);
  else throw configurationError('COMMAND_UNKNOWN', usage);
}

try {
  await main();
} catch (error) {
  const failure = describeFailure(error);
  console.error(failure.kind === 'defect' ? error : failure.message);
  process.exitCode = failure.kind === 'configuration' ? exitCodes.configuration : exitCodes.defect;
}
