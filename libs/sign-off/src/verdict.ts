import type { SignOff } from './sign-off.ts';

/** `complete`: all is proved, and nothing contradicts it. `doubtful`: nothing is known to be missing, and not all is proved. */
export interface Verdict {
  readonly is: 'complete' | 'incomplete' | 'unfinished' | 'doubtful';
  /** One sentence for people. */
  readonly text: string;
}

type Known = Pick<SignOff, 'unit' | 'instances' | 'conflicts' | 'openSearches' | 'limitedTo'> & {
  readonly items: Omit<SignOff['items'], 'total'>;
  readonly isOneServer: boolean;
};

/** Says the worst first, and what the run was limited to. Pure. */
export function judge(known: Known): Verdict {
  const { is, text } = judgeWork(known);
  const limits = known.limitedTo.join(', ');
  return { is, text: limits === '' ? text : `${text} This run looked only for: ${limits}.` };
}

function judgeWork({ unit, items, instances, conflicts, openSearches, isOneServer }: Known): Verdict {
  const { proved, existing, accepted, vanished, passedOver, setAside, waiting } = items;
  const all = proved + existing + accepted + vanished + setAside + waiting;
  const of = (count: number, whole = count) => amount(count, unit, whole);
  if (setAside > 0)
    return {
      is: 'incomplete',
      text: `${digits(setAside)} of ${of(all)} ${are(setAside, 'not complete')}; ${imagesMissing(instances.missing)}`,
    };
  if (openSearches > 0)
    return {
      is: 'incomplete',
      text: `${digits(openSearches)} ${openSearches === 1 ? 'search has' : 'searches have'} no answer: what there is to be copied is not wholly known.`,
    };
  if (waiting > 0)
    return {
      is: 'unfinished',
      text: `${digits(waiting)} of ${of(all)} ${waiting === 1 ? 'waits' : 'wait'}.`,
    };
  if (isOneServer)
    return {
      is: 'doubtful',
      text: 'Source and destination are, or seem to be, one server: nothing was copied, and nothing is proved of a copy.',
    };
  if (conflicts.identity > 0)
    return {
      is: 'doubtful',
      text: `All is there; ${digits(conflicts.identity)} ${conflicts.identity === 1 ? 'patient bears' : 'patients bear'} another name or birth date under the same PatientID.`,
    };
  if (accepted > 0)
    return {
      is: 'doubtful',
      text: `${of(accepted)} ${were(accepted)} accepted; nobody can be asked about them.`,
    };
  if (existing > 0)
    return {
      is: 'doubtful',
      text: `${of(proved)} ${are(proved, 'proved')}; ${digits(existing)} ${were(existing)} at the destination before, and nobody can say that ${existing === 1 ? 'it is' : 'they are'} the same.`,
    };
  if (vanished > 0)
    return {
      is: 'doubtful',
      text: `${of(proved)} ${are(proved, 'proved')}; ${digits(vanished)} ${are(vanished, 'gone from the source')}.`,
    };
  if (proved === 0) return { is: 'complete', text: 'There was nothing to be copied.' };
  const besides =
    passedOver === 0
      ? ''
      : ` ${of(passedOver)} beside them ${passedOver === 1 ? 'is no image' : 'are no images'}.`;
  return { is: 'complete', text: `All ${of(proved)} are proved at the destination.${besides}` };
}

const digits = (count: number): string => count.toLocaleString('en');
const are = (count: number, what: string): string => `${count === 1 ? 'is' : 'are'} ${what}`;
const were = (count: number): string => (count === 1 ? 'was' : 'were');
const amount = (count: number, unit: SignOff['unit'], whole: number): string =>
  `${digits(count)} ${plural(unit, whole)}`;
const imagesMissing = (missing: number): string =>
  missing === 0
    ? 'why is told below.'
    : `${digits(missing)} ${missing === 1 ? 'image is' : 'images are'} missing by name.`;

export const plural = (unit: SignOff['unit'], count = 2): string =>
  count === 1 ? unit : unit === 'study' ? 'studies' : 'files';
