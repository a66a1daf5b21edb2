import { readFileSync } from 'node:fs';
import type { Attributes } from '@orthanc-tools/dicom-files';
import { configurationError, describeFailure, exitCodes } from '@orthanc-tools/failures';
import { charsetNamed, conditionOf, parseMessage, splitFrame } from '@orthanc-tools/hl7-messages';
import { toggle } from '@orthanc-tools/tool-options';
import type { ToolCommand } from '@orthanc-tools/tool-runtime';
import type { PlanSettings, OrderPlan } from './plan-message.ts';
import { planMessage } from './plan-message.ts';
import { readProfile } from './read-profile.ts';

const options = {
  json: toggle({ group: 'This command', flagOnly: true, describe: 'Print JSON instead of text.' }),
};

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

/** `try`: what messages in files would become; nothing is stored and nobody is asked. */
export const tryCommand: ToolCommand = {
  name: 'try',
  summary: 'Show what a message, given as a file or as "-", would become with this profile; changes nothing.',
  words: 'MESSAGE…',
  options,
  async perform(values, { words, print, clock }) {
    if (words.length === 0)
      throw configurationError('MESSAGE_MISSING', 'name a file with a message, or "-" for standard input.');
    const profile = await readProfile(values['profile'] as string);
    const fallback = charsetNamed(values['encoding'] as string);
    if (fallback === undefined) throw new TypeError('the option has been checked');
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
  },
};
