import iconv from 'iconv-lite';
import { escapeValue } from './escapes.ts';
import { readHeader } from './header.ts';
import type { MessageHeader } from './header.ts';
import { conditionName, conditions } from './hl7-failure.ts';
import type { Condition, Location } from './hl7-failure.ts';
import type { SplitFrame } from './split-frame.ts';

export type AcknowledgementCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

export interface AcknowledgedError {
  readonly condition: Condition;
  readonly location: Location;
  /** In English, of ASCII, without patient data. */
  readonly text: string;
}

export interface AcknowledgementRequest {
  /** Of the message that is answered; undefined when it has none that can be used. */
  readonly header: MessageHeader | undefined;
  readonly code: AcknowledgementCode;
  readonly error?: AcknowledgedError | undefined;
  /** MSH-10 of the answer. */
  readonly controlId: string;
  readonly at: Date;
  readonly wide?: SplitFrame['wide'];
}

const ownVersion = '2.5.1';
const withoutHeader = readHeader(`MSH|^~\\&|||||||ACK||P|${ownVersion}`);

/** [2, 3] of `2.3.1`; undefined for what is no version of HL7 2. */
function numbersOf(version: string): readonly [major: number, minor: number] | undefined {
  const [, minor = '0'] = /^2(?:\.(\d{1,2}))?(?:\.\d+)*$/.exec(version) ?? [undefined, undefined];
  return /^2(?:\.\d+)*$/.test(version) ? [2, Number(minor)] : undefined;
}

/** Date and time as HL7 writes them, local and to the second. */
export function hl7Time(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${String(at.getFullYear())}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${day}${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}

function messageType({ field, separators }: MessageHeader, minor: number): string {
  const event = field(9).split(separators.component)[1] ?? '';
  const parts = minor <= 2 || event === '' ? ['ACK'] : minor === 3 ? ['ACK', event] : ['ACK', event, 'ACK'];
  return parts.join(separators.component);
}

function errorSegment(
  { condition, location, text }: AcknowledgedError,
  { separators }: MessageHeader,
  minor: number,
): string {
  const { field, component, subcomponent } = separators;
  const plain = (value: string) => escapeValue(value, separators);
  const place = (...parts: readonly (string | number | undefined)[]): string =>
    parts.map((part) => String(part ?? '')).join(component);
  const { segment, sequence = segment === undefined ? undefined : 1 } = location;
  const code = [String(conditions[condition]), plain(conditionName(condition)), 'HL70357'];
  if (minor < 5)
    return ['ERR', place(segment, sequence, location.field, code.join(subcomponent))].join(field);
  const repetition = location.component === undefined ? undefined : 1;
  const where = place(
    segment,
    sequence,
    location.field,
    repetition,
    location.component,
    location.subcomponent,
  );
  const until = where.replace(new RegExp(`\\${component}+$`), '');
  return ['ERR', '', until, code.join(component), 'E', '', '', '', plain(text)].join(field);
}

/**
 * The answer to a message, in its own version, separators and character set: what is echoed is echoed byte for byte.
 * ERR stands in the form of the version.
 */
export function acknowledge(request: AcknowledgementRequest): Buffer {
  const header = request.header ?? withoutHeader;
  const isOwn = request.header === undefined;
  const { separators, field } = header;
  const version = field(12).split(separators.component)[0]?.trim() ?? '';
  const numbers = numbersOf(version);
  const [, minor] = numbers ?? numbersOf(ownVersion) ?? [2, 5];
  const { error } = request;
  const msh = [
    'MSH',
    field(2),
    ...[field(5), field(6), field(3), field(4)],
    hl7Time(request.at),
    '',
    isOwn ? 'ACK' : messageType(header, minor),
    request.controlId,
    field(11),
    numbers === undefined ? ownVersion : version,
    ...['', '', '', '', ''],
    field(18),
  ];
  const text = error !== undefined && minor <= 4 ? [escapeValue(error.text, separators)] : [];
  const segments = [
    msh.join(separators.field).replace(new RegExp(`\\${separators.field}+$`), ''),
    ['MSA', request.code, isOwn ? '' : field(10), ...text].join(separators.field),
    ...(error === undefined ? [] : [errorSegment(error, header, minor)]),
  ];
  const bytes = Buffer.from(segments.map((segment) => `${segment}\r`).join(''), 'latin1');
  return request.wide === undefined
    ? bytes
    : iconv.encode(bytes.toString('utf8'), request.wide, { addBOM: true });
}

/** How a message ended, as far as its answer goes. */
export type Verdict =
  /** It has taken effect. */
  | 'accepted'
  /** Its content, or its type, is refused: a judgement of the application. */
  | 'refused'
  /** It could not be kept, whatever it says. */
  | 'not-kept';

const words = ['AL', 'NE', 'ER', 'SU'];

/**
 * The answers that a sender wants, by MSH-15 and MSH-16; what is none of the standard's words counts as empty. Original mode, both empty: the application's answer.
 * Enhanced mode: whether the message was kept (CA, CE, CR), and then the application's answer, each if it is asked for. A refusal is one answer, AE or AR,
 * to whoever wants to hear of errors at all: a CA before it would be taken for success. A sender that wants no accept acknowledgement (NE) and does not say whether
 * it wants another is answered: silence is for those who ask for it in both fields.
 */
export function wantedAnswers(
  header: MessageHeader,
  verdict: Verdict,
): readonly ('accept' | 'application')[] {
  const [accept = '', application = ''] = [header.field(15), header.field(16)].map((value) => {
    const word = value.trim().toUpperCase();
    return words.includes(word) ? word : '';
  });
  if (accept === '' && application === '') return ['application'];
  const isAccepted = verdict === 'accepted';
  const wants = (word: string): boolean =>
    word === 'AL' || (word === 'ER' && !isAccepted) || (word === 'SU' && isAccepted);
  const wantsApplication = wants(application) || (application === '' && accept === 'NE');
  if (verdict === 'refused') return wants(accept) || wantsApplication ? ['application'] : [];
  return [
    ...(wants(accept) ? (['accept'] as const) : []),
    ...(wantsApplication ? (['application'] as const) : []),
  ];
}
