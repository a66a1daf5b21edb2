import { readFileSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type * as z from 'zod';
import { type Fault, checkShape } from './check-shape.ts';
import { type Path, type WrittenFile, readWritten } from './written-file.ts';

export interface SettingsFile<Content> {
  /** What the file says, with defaults. */
  readonly content: Content;
  /** Where in the file something stands: `line 3, column 5`. */
  placeOf(path: Path): string;
  /** @throws configuration `OPTIONS_INVALID` that tells all of them, each with its place, when there are any */
  refuse(faults: readonly Fault[]): void;
}

interface Declaration<Shape> {
  /** Key of the option that names the file. */
  readonly option: string;
  readonly shape: Shape;
  /** What the file holds, where it was read already. */
  readonly text?: string;
}

/** @throws configuration `OPTIONS_INVALID` that tells every fault with line and column, and repeats no value */
export function openSettingsFile<Shape extends z.ZodType>(
  path: string,
  { option, shape, text }: Declaration<Shape>,
): SettingsFile<z.output<Shape>> {
  const named = `${nameOf(option)}: the file "${path}"`;
  const written = readWritten(text ?? contentOf(path, named));
  if ('fault' in written) throw refused([`${named} ${written.fault}.`]);
  const refuse = (faults: readonly Fault[]) => {
    if (faults.length > 0) throw refused(told(named, written, faults));
  };
  const checked = checkShape(written.content, shape);
  if ('faults' in checked) throw refused(told(named, written, checked.faults));
  return { content: checked.content, placeOf: (at) => written.placeOf(at), refuse };
}

const refused = (sentences: readonly string[]) => configurationError('OPTIONS_INVALID', sentences.join('\n'));

function contentOf(path: string, named: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw configurationError('OPTIONS_INVALID', `${named} cannot be read: ${code}.`, { cause });
  }
}

function told(named: string, written: WrittenFile, faults: readonly Fault[]): string[] {
  return faults.map(({ path: at, part, fault }) => {
    const place = written.placeOf(at, part);
    const subject = at.length === 0 ? 'it' : nameOfPath(at);
    return `${named}, ${place}: ${subject} ${fault}${/[.?]$/.test(fault) ? '' : '.'}`;
  });
}

/** `destinations[0].filter.labels` */
const nameOfPath = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${String(step)}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
