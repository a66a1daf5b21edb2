import { describe, expect, it } from '@jest/globals';
import { jobFailureIn } from './job-failure.ts';
import type { JsonRecord } from './json-fields.ts';

const job = { ID: 'j', Type: 'DicomModalityStore', State: 'Failure', ErrorCode: 9, ErrorDetails: '' };
const failureOf = (from: JsonRecord, content: JsonRecord = {}) => jobFailureIn({ ...job, ...from }, content);

describe('the failure of a job', () => {
  it('is none of one that has succeeded with all its instances', () => {
    expect(failureOf({ State: 'Success', ErrorCode: 0 }, { FailedInstancesCount: 0 })).toBeUndefined();
    expect(failureOf({ State: 'Success', ErrorCode: 0 })).toBeUndefined();
  });

  it('is one of a success that leaves instances out', () => {
    expect(failureOf({ State: 'Success' }, { FailedInstancesCount: 2 })).toMatchObject({
      kind: 'ambiguous',
      code: 'JOB_INSTANCES_FAILED',
      facts: { failed: 2, job: 'j' },
    });
  });

  it('is of the destination, by the status of DIMSE that the job tells apart', () => {
    const payload = { Content: { DimseErrorStatus: 42752 }, Type: 'Dimse' };
    expect(failureOf({ ErrorPayload: payload }, { RemoteAet: 'PACS' })).toMatchObject({
      code: 'DESTINATION_OUT_OF_RESOURCES',
      message: 'Modality PACS is out of resources (DIMSE status 0xA700).',
    });
  });

  it("is by a plugin's own error, where the job is a plugin's", () => {
    const content = { Server: 'web', FunctionErrorCode: 29, FunctionErrorDetails: '' };
    expect(failureOf({ Type: 'DicomWebStowClient', ErrorCode: 1 }, content)).toMatchObject({
      code: 'DESTINATION_UNAUTHORIZED',
      facts: { destination: 'DICOMweb server web' },
    });
  });

  it('is told of each order of a job that fetches, also where Orthanc calls it a success', () => {
    const content = { RemoteAet: 'PACS', Details: [{ DimseErrorStatus: 0 }, { DimseErrorStatus: 0xb000 }] };
    expect(failureOf({ Type: 'DicomMoveScu', State: 'Success', ErrorCode: 0 }, content)).toMatchObject({
      kind: 'ambiguous',
      code: 'RETRIEVAL_FAILED',
      facts: { destination: 'Modality PACS', dimseStatus: '0xB000' },
    });
    const well = { ...content, Details: [{ DimseErrorStatus: 0 }] };
    expect(failureOf({ Type: 'DicomMoveScu', State: 'Success', ErrorCode: 0 }, well)).toBeUndefined();
  });

  it('is of the configuration where a modality does not know where to send', () => {
    const content = { RemoteAet: 'PACS', Details: [{ DimseErrorStatus: 0xa801 }] };
    expect(failureOf({ Type: 'DicomMoveScu' }, content)).toMatchObject({
      kind: 'configuration',
      code: 'MOVE_DESTINATION_UNKNOWN',
    });
  });

  it('is ambiguous where a modality is sent what is no longer there', () => {
    expect(failureOf({ ErrorCode: 17 })).toMatchObject({ kind: 'ambiguous', code: 'JOB_FAILED' });
  });

  it('is ambiguous of a job that was cancelled, and of one that sends nothing', () => {
    expect(failureOf({ ErrorCode: 37 })).toMatchObject({ kind: 'ambiguous', code: 'JOB_CANCELLED' });
    expect(failureOf({ Type: 'ResourceModification', ErrorCode: 27 })).toMatchObject({
      kind: 'ambiguous',
      code: 'JOB_FAILED',
      facts: { orthancStatus: 27 },
    });
  });
});
