import { describe, expect, it } from '@jest/globals';
import { configurationError, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { firstQuestion } from './first-question.ts';

const server = { url: 'http://orthanc:8042/' };

describe('the first question to a server', () => {
  it('is answered', async () => {
    expect(await firstQuestion(server, 'orthanc', () => Promise.resolve(7))).toBe(7);
  });

  it.each([
    [transientFailure('ORTHANC_UNREACHABLE', 'Away'), '--orthanc-url (ORTHANC_URL)'],
    [configurationError('ORTHANC_UNAUTHORIZED', 'No'), '--orthanc-pwd (ORTHANC_PWD)'],
    [configurationError('ORTHANC_TLS', 'No'), '--orthanc-ca (ORTHANC_CA)'],
  ])('names the option that may be wrong', async (failure, name) => {
    await expect(firstQuestion(server, 'orthanc', () => Promise.reject(failure))).rejects.toMatchObject({
      code: failure.code,
      kind: failure.kind,
      message: expect.stringContaining(name),
    });
  });

  it.each(['ORTHANC_NOT_FOUND', 'ORTHANC_ANSWER_UNREADABLE'])(
    'is no Orthanc that was asked, where that answers %s',
    async (code) => {
      const asking = firstQuestion(server, 'source', () => Promise.reject(permanentFailure(code, 'No')));
      await expect(asking).rejects.toMatchObject({
        kind: 'configuration',
        code: 'NO_ORTHANC',
        message: 'At http://orthanc:8042/ no Orthanc answers GET /system. Check --source-url (SOURCE_URL).',
      });
    },
  );
});
