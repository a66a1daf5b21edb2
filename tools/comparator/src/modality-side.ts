import type { FoundTags } from '@orthanc-tools/orthanc-client';
import {
  type KnownCap,
  knownCap,
  searchSlices,
  studyDateIn,
  usualModalities,
} from '@orthanc-tools/study-search';
import type { Tags } from './attributes.ts';
import { type Depth, studyKeys } from './depth.ts';
import { halving } from './halving.ts';
import { identityKeys } from './identity.ts';
import { contentOf } from './modality-content.ts';
import { glanceAt } from './modality-glance.ts';
import { type Find, emptyKeys } from './modality-question.ts';
import { relationalTrust } from './relational-trust.ts';
import type { Side, SideStudy } from './side.ts';
import { studiesByUid } from './studies-by-uid.ts';
import { uidIn } from './uid-in.ts';
import { uidQuestions } from './uid-questions.ts';

export interface ModalitySideRequest {
  readonly alias: string;
  readonly depth: Depth;
  /** The most answers that the modality gives; undefined: to be found out. */
  readonly cap: number | undefined;
  /** One C-FIND, with the patience that is wanted. */
  readonly find: Find;
  /** The same without patience: for questions that many refuse. */
  readonly findOnce: Find;
  /** Whether questions for several studies at once, below study level, are to be tried at all. */
  readonly asksRelationally: boolean;
  onNote(code: string, message: string): void;
}

/** A modality, asked by C-FIND: what it does not tell may be there nevertheless, so that it is asked again, by UID. */
export function modalitySide(request: ModalitySideRequest): Side {
  const { alias, depth, find } = request;
  const caps = { study: knownCap(request.cap), below: knownCap(request.cap) };
  const glancing = { ...request, below: caps.below, trust: relationalTrust(request) };
  return {
    name: alias,
    tellsAll: false,
    slices: slicing(request, caps.study),
    learnCut: (told) => {
      caps.study.learn(told, told + 1, true);
    },
    studiesOf: async (dates) => {
      const days = dates === undefined ? '' : `${dates.from}-${dates.to}`;
      return (await find('Study', { ...emptyKeys(studyKeys(depth)), StudyDate: days })).map(studyFrom);
    },
    countOf: () => Promise.resolve(undefined),
    studiesByUid: studyQuestions(request, caps.study),
    patient: (patientId) => askPatient(request, patientId),
    glance: (studies) => glanceAt(glancing, studies),
    contentOf: (studyUid, known) => contentOf({ ...request, cap: caps.below }, studyUid, known),
  };
}

function slicing({ depth, find }: ModalitySideRequest, cap: KnownCap): Side['slices'] {
  const halves = halving();
  return (wanted) =>
    searchSlices({
      ...wanted,
      find: async (keys) => halves.noting(await find('Study', keys)),
      halves: halves.isWanted,
      cap: wanted.cap ?? cap,
      modalities: usualModalities,
      alsoTold: studyKeys(depth).filter((key) => key !== 'StudyDate'),
    });
}

function studyQuestions({ depth, find }: ModalitySideRequest, cap: KnownCap): Side['studiesByUid'] {
  const byUid = uidQuestions(cap);
  const question = emptyKeys(studyKeys(depth));
  return async (uids) => {
    const told: SideStudy[] = [];
    const ask = async (some: readonly string[]) => {
      const answers = await find('Study', { ...question, StudyInstanceUID: some.join('\\') });
      told.push(...answers.map(studyFrom));
      return answers;
    };
    const found = await byUid(ask, { uids, keyword: 'StudyInstanceUID' });
    return studiesByUid(told.filter(({ uid }) => found.has(uid)));
  };
}

async function askPatient({ find }: ModalitySideRequest, patientId: string): Promise<readonly Tags[]> {
  const id = patientId.replaceAll(/[*\\]/g, '?');
  const found = await find('Study', { ...emptyKeys(identityKeys), PatientID: id, StudyInstanceUID: '' });
  return found.filter((tags) => tags['PatientID']?.trim() === patientId);
}

function studyFrom(tags: FoundTags): SideStudy {
  const instances = Number(tags['NumberOfStudyRelatedInstances'] ?? '');
  return {
    uid: uidIn(tags, 'StudyInstanceUID'),
    date: studyDateIn(tags),
    tags,
    instances: Number.isInteger(instances) && instances > 0 ? instances : undefined,
    orthancId: undefined,
  };
}
