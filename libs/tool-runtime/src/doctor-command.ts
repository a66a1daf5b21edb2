import { asFailure, configurationError, describeFailure, exitCodes } from '@orthanc-tools/failures';
import type { ExitCode, Finding } from '@orthanc-tools/failures';
import { noMetrics } from '@orthanc-tools/telemetry';
import { declareOptions, resolveOptions } from '@orthanc-tools/tool-options';
import { checkOwnPlaces } from './check-outputs.ts';
import { unknownCommand, viewOptions } from './commands.ts';
import { watchHealth } from './health.ts';
import { loggerFor } from './open-context.ts';
import { stateFolderIn } from './state-folder.ts';
import { neverPaused } from './pausing.ts';
import type { CompleteSurroundings } from './surroundings.ts';
import type { RunContext, Tool } from './tool.ts';
import { counted } from './wording.ts';

/** `doctor`: says what is wrong with servers and settings; exit code 2 when something must be corrected. */
export async function showDoctor(tool: Tool, host: CompleteSurroundings): Promise<ExitCode> {
  const table = declareOptions({ ...viewOptions, ...tool.options });
  const resolved = await resolveOptions(table, host);
  const { values, positionals } = resolved;
  const [stray] = positionals;
  if (stray !== undefined) throw configurationError('COMMAND_UNKNOWN', unknownCommand(tool, stray));
  const { clock, stdout, stderr } = host;
  // stdout belongs to the findings, which a script may parse.
  const log = await loggerFor({ tool, values, stream: stderr });
  const progress = { update: () => undefined, note: () => undefined, stop: () => undefined };
  const signal = host.signal ?? new AbortController().signal;
  const stateFolder = stateFolderIn(host.env);
  const health = watchHealth({ log, metrics: noMetrics, signal });
  const pausing = neverPaused;
  const metrics = noMetrics;
  const context: RunContext = { log, metrics, clock, signal, pausing, progress, health, stateFolder };
  const findings = [
    ...(await examined(tool, () => checkOwnPlaces(tool, resolved, host).then(() => []))),
    ...(await examined(tool, () => tool.doctor?.(values, context) ?? Promise.resolve([]))),
  ];
  stdout.write(
    values.json
      ? `${JSON.stringify({ tool: tool.name, findings }, undefined, 2)}\n`
      : describeFindings(findings),
  );
  return findings.some(({ verdict }) => verdict === 'problem') ? exitCodes.configuration : exitCodes.done;
}

/** A failure is what doctor was asked to find: it becomes a finding. */
async function examined(tool: Tool, examine: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await examine();
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    const { code, message, causes } = describeFailure(error);
    return [{ subject: tool.name, check: code, verdict: 'problem', found: [message, ...causes].join(': ') }];
  }
}

const marks = { ok: 'ok     ', warning: 'WARNING', problem: 'PROBLEM', unknown: 'unknown' } as const;

function describeFindings(findings: readonly Finding[]): string {
  const widest = Math.max(0, ...findings.map(({ check }) => check.length));
  const subjects = [...Map.groupBy(findings, ({ subject }) => subject)];
  const lines = subjects.flatMap(([subject, rows]) => [
    subject,
    ...rows.flatMap(({ verdict, check, found, remedy }) => [
      `  ${marks[verdict]}  ${check.padEnd(widest)}  ${found}`,
      ...(remedy === undefined ? [] : [`  ${' '.repeat(9 + widest)}  -> ${remedy}`]),
    ]),
    '',
  ]);
  const number = (wanted: Finding['verdict']) => findings.filter(({ verdict }) => verdict === wanted).length;
  const end = `${counted(number('problem'), ['problem', 'problems'])}, ${counted(number('warning'), ['warning', 'warnings'])}, ${String(number('unknown'))} unknown.`;
  return `${[...lines, end].join('\n')}\n`;
}
