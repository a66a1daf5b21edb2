import { readFileSync } from 'node:fs';
import type { Attributes } from '@orthanc-tools/dicom-files';
import { type ExitCode, configurationError, describeFailure, exitCodes } from '@orthanc-tools/failures';
import { conditionOf, parseMessage, splitFrame } from '@orthanc-tools/hl7-messages';
import type { CommandContext } from '@orthanc-tools/tool-runtime';
import { fallbackCharset } from './fallback-charset.ts';
import type { PlanSettings, OrderPlan } from './plan-message.ts';
import { planMessage } from './plan-message.ts';
import { readProfile } from './read-profile.ts';

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw configurationError('MESSAGE_UNREADABLE', `"${path}" cannot be read (${code}).`, { cause });
  }
}

/** Without the frame, if the file holds one. */
const unframed = (bytes: Buffer): Buffer => {
  const begin = bytes[0] === 0x0b ? 1 : 0;
  const end = bytes.indexOf(0x1c);
  return bytes.subarray(begin, end < 0 ? bytes.length : end);
};

type Tried =
  { readonly orders: readonly OrderPlan[] } | { readonly refused: string; readonly condition?: string };

function lines(attributes: Attributes, indent: string): string[] {
  return Object.entries(attributes).flatMap(([keyword, value]) => {
    if (value === undefined) return [];
    if (!keyword.endsWith('Sequence'))
      return [`${indent}${keyword.padEnd(44 - indent.length)} ${[value].flat().join('\\')}`];
    const items = value as readonly Attributes[];
    return [`${indent}${keyword}`, ...items.flatMap((item) => lines(item, `${indent}  `))];
  });
}

function described(tried: Tried): string {
  if ('refused' in tried)
    return `refused: ${tried.refused}${tried.condition === undefined ? '' : ` (${tried.condition})`}\n`;
  return tried.orders
    .map(({ action, studyUid, steps, stepId }) => {
      const head = [`${action}${stepId === undefined || steps.length > 0 ? '' : ` step ${stepId}`}`];
      const uid =
        steps.length === 0
          ? []
          : [`  StudyInstanceUID${' '.repeat(26)} ${studyUid ?? '(made from the order, and kept)'}`];
      return [...head, ...uid, ...steps.flatMap(({ attributes }) => lines(attributes, '  '))].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}

/** What messages in files would become; nothing is stored and nobody is asked. */
export async function tryMessages(
  values: Readonly<Record<string, unknown>>,
  { words, print, clock }: CommandContext,
): Promise<ExitCode> {
  if (words.length === 0)
    throw configurationError('MESSAGE_MISSING', 'name a file with a message, or "-" for standard input.');
  const profile = await readProfile(values['profile'] as string);
  const fallback = fallbackCharset(values['encoding'] as string);
  const tried = words.flatMap((path) =>
    splitFrame(unframed(contentOf(path))).messages.map((bytes): Tried => {
      try {
        const message = parseMessage(bytes, fallback);
        if (!profile.orders.includes(`${message.type.code}^${message.type.event}`))
          return { refused: `${message.type.code}^${message.type.event} is no order in this profile` };
        const settings = values as unknown as PlanSettings;
        return { orders: planMessage(message, { profile, settings, now: clock.now() }) };
      } catch (error) {
        const condition = conditionOf(error)?.condition;
        if (condition === undefined) throw error;
        return { refused: describeFailure(error).message, condition };
      }
    }),
  );
  print(
    values['json'] === true ? `${JSON.stringify(tried, undefined, 2)}\n` : tried.map(described).join('\n'),
  );
  return tried.some((one) => 'refused' in one) ? exitCodes.setAside : exitCodes.done;
}
