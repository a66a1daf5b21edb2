import { type Held, type HeldVerdict, type Witness, judgeHeld } from '@orthanc-tools/copy-proof';
import { type Failure, transientFailure } from '@orthanc-tools/failures';
import { type NamedInstance, instancesOf } from './arrival.ts';
import { faultOfTransfer } from './fault-of-modality.ts';
import type { Receiver } from './receiver.ts';
import { noteAbsent, noteSent, sentByUs } from './sending-notes.ts';
import type { StudyContext } from './study-context.ts';
import { tellStep } from './study-steps.ts';
import { followRemembered, transfer } from './transfer.ts';

/** One instance of Orthanc, and what the destination says of it. */
export interface Judged {
  readonly instance: NamedInstance;
  readonly verdict: SendVerdict;
}

/**
 * `ambiguous`: Orthanc holds several under this UID, or the study of several patients, and the destination does not tell
 * which of them it has. None is sent: a destination that keeps one object, or one patient, per UID would keep one patient's
 * in place of the other's, or under the other's name.
 */
type SendVerdict = HeldVerdict | { readonly is: 'ambiguous' };

/** What came of sending a study. */
export interface Sent {
  /** What Orthanc held of the study when it was to be sent. */
  readonly held: readonly NamedInstance[];
  readonly judged: readonly Judged[];
  /** Instances that were sent in this try and are proved now. */
  readonly sent: number;
  readonly failure: Failure | undefined;
  /** Nobody can be asked what has arrived. */
  readonly isUnproved: boolean;
}

export interface SendRequest {
  readonly key: string;
  readonly studyInstanceUid: string;
  readonly receiver: Receiver;
  readonly signal: AbortSignal;
}

/** Whole study, then series by series. */
const sendingRounds = 2;

/**
 * Sends what Orthanc holds of a study and the destination lacks. An instance is proved where the destination lacked it,
 * by a durable note made before it was sent, and names it afterwards; or where both servers tell the same hash.
 */
export async function sendStudy(request: SendRequest, context: StudyContext): Promise<Sent> {
  const { receiver, signal } = request;
  const instances = await whatIsHeld(request, context);
  const witness = await receiver.lane(() => receiver.witness(signal));
  if (witness === undefined) return sendBlindly(instances, request, context);
  return sendSeen({ instances, witness }, request, context);
}

/** What Orthanc holds of the study, once a job in hand has ended. */
async function whatIsHeld(
  { key, studyInstanceUid, receiver, signal }: SendRequest,
  context: StudyContext,
): Promise<NamedInstance[]> {
  const isSource = context.source === undefined;
  const count = () => Promise.resolve(undefined);
  if (isSource) await followRemembered({ key, lane: receiver.lane, count, signal }, context);
  const instances = await instancesOf(context.orthanc, studyInstanceUid, signal);
  // Nothing would prove itself. What was lost after it was fetched is told by name.
  if (instances.length === 0 && isSource)
    throw transientFailure('LIST_EMPTY', 'Orthanc knows the study and names no instance of it.');
  return instances;
}

interface Sending {
  readonly instances: readonly NamedInstance[];
  readonly witness: Witness;
}

/** The destination tells what it holds, before and after. */
async function sendSeen(
  { instances, witness }: Sending,
  request: SendRequest,
  context: StudyContext,
): Promise<Sent> {
  const { key } = request;
  const { log, ledger } = context;
  const ambiguous = ambiguousAmong(instances, witness);
  const judgeBy = (held: Held): Judged[] => {
    const ours = sentByUs(key, instances, ledger);
    const testimony = { held, witness, ours, ambiguous };
    return instances.map((instance) => ({ instance, verdict: verdictOn(instance, testimony) }));
  };
  tellStep(log, 'look before sending', { study: key });
  const before = await askHeld(witness, instances, request);
  const absent = instances.filter(({ identifiers }) => !before.has(identifiers.sopInstanceUid));
  noteAbsent(key, absent, ledger);
  let judged = judgeBy(before);
  const lacking = new Set(missingAmong(judged).map(({ id }) => id));
  let failure: Failure | undefined;
  for (let round = 0; round < sendingRounds && missingAmong(judged).length > 0; round += 1) {
    failure = (await sendMissing(portionsOf(missingAmong(judged), round), request, context)) ?? failure;
    tellStep(log, 'look after sending', { study: key });
    judged = judgeBy(await askHeld(witness, instances, request));
  }
  const sent = judged.filter(({ instance, verdict }) => lacking.has(instance.id) && verdict.is === 'proved');
  return { held: instances, judged, sent: sent.length, failure, isUnproved: false };
}

/** Gives the last failure. */
async function sendMissing(
  portions: readonly (readonly NamedInstance[])[],
  request: SendRequest,
  context: StudyContext,
): Promise<Failure | undefined> {
  let failure: Failure | undefined;
  for (const instances of portions) {
    const begun = () => noteSent(request.key, instances, context.ledger);
    failure = (await sendPortion({ instances, begun }, request, context)) ?? failure;
  }
  return failure;
}

const missingAmong = (judged: readonly Judged[]): NamedInstance[] =>
  judged.filter(({ verdict }) => verdict.is === 'missing').map(({ instance }) => instance);

/** What one series is refused for must not hold up the others. */
function portionsOf(
  instances: readonly NamedInstance[],
  round: number,
): readonly (readonly NamedInstance[])[] {
  if (round === 0) return [instances];
  return [...Map.groupBy(instances, ({ identifiers }) => identifiers.seriesUid).values()];
}

interface Portion {
  readonly instances: readonly NamedInstance[];
  readonly begun?: () => void;
}

async function sendPortion(
  { instances, begun = () => undefined }: Portion,
  { key, receiver, signal }: SendRequest,
  context: StudyContext,
): Promise<Failure | undefined> {
  tellStep(context.log, 'send', { study: key });
  const start = () =>
    receiver.store(
      instances.map(({ id }) => id),
      signal,
    );
  const count = () => Promise.resolve(undefined);
  const { lane } = receiver;
  const ordered = { key, lane, what: 'send', images: instances.length, start, begun, count, signal };
  const failure = await transfer(ordered, context);
  const { modality } = receiver;
  if (failure === undefined || modality === undefined) return failure;
  return faultOfTransfer(failure, { key, modality, signal }, context);
}

/** The destination takes what comes and answers no question: what it accepted is not proved. */
async function sendBlindly(
  instances: readonly NamedInstance[],
  request: SendRequest,
  context: StudyContext,
): Promise<Sent> {
  const whole = instances.filter(({ isWithoutFile }) => isWithoutFile !== true);
  const failure = whole.length === 0 ? undefined : await sendPortion({ instances: whole }, request, context);
  const sent = failure === undefined ? whole.length : 0;
  return { held: whole, judged: [], sent, failure, isUnproved: true };
}

export const askHeld = (
  witness: Witness,
  instances: readonly NamedInstance[],
  { studyInstanceUid, receiver, signal }: Omit<SendRequest, 'key'>,
): Promise<Held> =>
  receiver.lane(() =>
    witness.held({
      studyId: '',
      studyUid: studyInstanceUid,
      instances: instances.map(({ id, identifiers: { seriesUid, sopInstanceUid } }) => ({
        id,
        seriesUid,
        sopInstanceUid,
      })),
      signal,
    }),
  );

/**
 * SOP Instance UIDs that do not tell which instance is meant, to whom knows nothing but them; all, where several patients
 * share the study, of which a server that keeps one patient per Study Instance UID would make one.
 */
export function ambiguousAmong(
  instances: readonly NamedInstance[],
  { kind }: Pick<Witness, 'kind'>,
): ReadonlySet<string> {
  if (kind === 'orthanc') return new Set();
  if (patientIdsOf(instances).size > 1)
    return new Set(instances.map(({ identifiers }) => identifiers.sopInstanceUid));
  const [once, ambiguous] = [new Set<string>(), new Set<string>()];
  for (const { identifiers } of instances)
    (once.has(identifiers.sopInstanceUid) ? ambiguous : once).add(identifiers.sopInstanceUid);
  return ambiguous;
}

export const patientIdsOf = (instances: readonly NamedInstance[]): ReadonlySet<string> =>
  new Set(instances.map(({ identifiers }) => identifiers.patientId.trim()));

interface Testimony {
  readonly held: Held;
  readonly witness: Pick<Witness, 'kind'>;
  /** Orthanc identifiers of those that the destination lacked, and that were sent. */
  readonly ours: ReadonlySet<string>;
  readonly ambiguous: ReadonlySet<string>;
}

export function verdictOn(
  instance: NamedInstance,
  { held, witness, ours, ambiguous }: Testimony,
): SendVerdict {
  const { sopInstanceUid } = instance.identifiers;
  if (ambiguous.has(sopInstanceUid)) return { is: 'ambiguous' };
  const wasAbsent = ours.has(instance.id);
  return judgeHeld(instance, held.get(sopInstanceUid), { kind: witness.kind, wasAbsent });
}
