import { hash } from 'node:crypto';
import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Addition } from './additions.ts';
import { isProtected } from './is-protected.ts';
import { labelsOf } from './labels-of.ts';
import { type StudyInHand, patientIdOf } from './made-instance.ts';
import type { PopulatorOptions } from './options.ts';

export interface Completion {
  readonly orthanc: Orthanc;
  readonly options: PopulatorOptions;
  readonly additions: readonly Addition[];
  /** Older servers have no labels. */
  readonly hasLabels: boolean;
  readonly persist: <Value>(action: () => Promise<Value>) => Promise<Value>;
}

/** What a study gets besides its instances. Tells how many labels. */
export async function completeStudy(study: StudyInHand, completion: Completion): Promise<number> {
  const { orthanc, options, additions, hasLabels, persist } = completion;
  const labels = hasLabels ? labelsOf(study.study.index, options) : [];
  const resource = { level: 'studies', id: study.orthancId } as const;
  for (const label of labels) await persist(() => orthanc.labels.put(resource, label));
  for (const addition of additions) await persist(() => add(addition, study, orthanc));
  if (isProtected(study.study.patient.patientId, options)) await persist(() => protect(study, orthanc));
  return labels.length;
}

/** What is the same there is left alone: a server that counts revisions refuses to replace what nobody has read. */
async function add(addition: Addition, { orthancId }: StudyInHand, orthanc: Orthanc): Promise<void> {
  const { kind, name, content } = addition;
  const path = `/studies/${orthancId}/${kind}/${encodeURIComponent(name)}`;
  const route = `/studies/{id}/${kind}/{name}`;
  if (await isThere(addition, { path, route }, orthanc)) return;
  await orthanc.call({ method: 'PUT', path, route, content, isPlainText: true });
}

/** An attachment by its MD5: where Orthanc keeps none, it is put again. */
async function isThere(
  { kind, content }: Addition,
  { path, route }: { readonly path: string; readonly route: string },
  orthanc: Orthanc,
): Promise<boolean> {
  const below = kind === 'attachments' ? '/md5' : '';
  try {
    const question = { path: path + below, route: route + below, isPlainText: true } as const;
    const held = await orthanc.call({ ...question, method: 'GET' });
    return held === (kind === 'attachments' ? hash('md5', content) : content);
  } catch (error) {
    if (asFailure(error)?.code !== 'ORTHANC_NOT_FOUND') throw error;
    return false;
  }
}

/** From being deleted when Orthanc's storage is full. */
async function protect({ study }: StudyInHand, orthanc: Orthanc): Promise<void> {
  const path = `/patients/${patientIdOf(study)}/protected`;
  const route = '/patients/{id}/protected';
  await orthanc.call({ method: 'PUT', path, route, content: '1', isPlainText: true });
}
