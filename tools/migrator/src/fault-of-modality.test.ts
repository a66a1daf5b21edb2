import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { describe, expect, it } from '@jest/globals';
import {
  type HungOver,
  answersAgain,
  faultOfModality,
  faultOfTransfer,
  faultOver,
} from './fault-of-modality.ts';
import { laneOf } from './lane.ts';

const silence = transientFailure('DESTINATION_NO_ANSWER', 'It gave no answer.');
const stalled = transientFailure('TRANSFER_STALLED', 'It brought nothing.');
const pacs = { alias: 'pacs', lane: laneOf(1) };
const { signal } = new AbortController();

/** An Orthanc whose modality answers so; and how often it was asked. */
function orthancWith(find: () => Promise<never[]>) {
  const asked: string[] = [];
  const modalities = { find: (alias: string) => (asked.push(alias), find()) };
  return { asked, orthanc: { modalities } as unknown as Orthanc };
}

const answering = () => orthancWith(() => Promise.resolve([]));
const hanging = () => orthancWith(() => Promise.reject(silence));

describe('a modality that fell silent', () => {
  it('says nothing of itself where it answers a question about nothing, or refuses it', async () => {
    const refusing = orthancWith(() => Promise.reject(permanentFailure('SOP_CLASS_REFUSED', 'No C-FIND.')));
    for (const { orthanc, asked } of [answering(), refusing]) {
      expect(await faultOfModality(stalled, pacs, { orthanc, signal })).toBe(stalled);
      expect(asked).toEqual(['pacs']);
    }
  });

  it('hangs as a whole where it does not answer that either', async () => {
    const { orthanc } = hanging();
    const fault = await faultOfModality(stalled, pacs, { orthanc, signal });
    expect(fault).toMatchObject({ code: 'DESTINATION_NO_ANSWER', scope: 'run' });
  });

  it('is not asked where it gave an answer', async () => {
    const { orthanc, asked } = hanging();
    const refused = transientFailure('RETRIEVAL_FAILED', 'It did not.');
    expect(await faultOfModality(refused, pacs, { orthanc, signal })).toBe(refused);
    expect(asked).toEqual([]);
  });
});

describe('work over which the modality hangs as a whole', () => {
  const contextOf = ({ orthanc }: Pick<ReturnType<typeof hanging>, 'orthanc'>) => {
    const hungOver: HungOver = new Map();
    return { orthanc, hungOver };
  };

  it('is at no fault the first time, and whenever it happens again', async () => {
    const context = contextOf(hanging());
    const judge = (key: string) => faultOver(silence, { key, modality: pacs, signal }, context);
    expect(await judge('span:1')).toMatchObject({ scope: 'run' });
    expect(await judge('span:1')).toBe(silence);
    expect(await judge('span:2')).toMatchObject({ scope: 'run' });
  });

  it('is a transfer that ends the visit of its study the first time only', async () => {
    const context = contextOf(hanging());
    const judge = (key: string) => faultOfTransfer(stalled, { key, modality: pacs, signal }, context);
    await expect(judge('1')).rejects.toMatchObject({ scope: 'run' });
    expect(await judge('1')).toBe(stalled);
    await expect(judge('2')).rejects.toMatchObject({ scope: 'run' });
  });

  it('is not tried again before the modality answers a question about nothing', async () => {
    const context = contextOf(hanging());
    await answersAgain('1', signal, context);
    await faultOver(silence, { key: '1', modality: pacs, signal }, context);
    await expect(answersAgain('1', signal, context)).rejects.toMatchObject({ scope: 'run' });
    const { orthanc, asked } = answering();
    await answersAgain('1', signal, { ...context, orthanc });
    await answersAgain('2', signal, { ...context, orthanc });
    expect(asked).toEqual(['pacs']);
  });
});
