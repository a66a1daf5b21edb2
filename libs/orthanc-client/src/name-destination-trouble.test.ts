import { describe, expect, it } from '@jest/globals';
import { nameDestinationTrouble } from './name-destination-trouble.ts';

const named = (
  trouble: Partial<Parameters<typeof nameDestinationTrouble>[0]>,
  loss: 'nothing' | 'work' = 'work',
) => nameDestinationTrouble({ orthancStatus: 9, details: '', ...trouble }, { destination: 'pacs', loss });

describe("Orthanc's word on a destination", () => {
  it.each([
    [
      'DicomAssociation - connecting to AET "X": TCP Initialization Error: Connection refused',
      'DESTINATION_UNREACHABLE',
      'transient',
      'run',
    ],
    [
      'DicomAssociation - connecting to AET "X": DUL network read timeout',
      'DESTINATION_UNREACHABLE',
      'transient',
      'run',
    ],
    [
      "libCURL error: Couldn't connect to server while accessing http://x/",
      'DESTINATION_UNREACHABLE',
      'transient',
      'run',
    ],
    [
      'libCURL error: Could not resolve hostname while accessing http://x/',
      'DESTINATION_UNREACHABLE',
      'transient',
      'run',
    ],
    [
      'DicomAssociation - connecting to AET "X": DUL Association Rejected',
      'DESTINATION_REJECTS_ASSOCIATION',
      'transient',
      'run',
    ],
    [
      'DicomAssociation - C-STORE to AET "X": DUL network read timeout',
      'DESTINATION_NO_ANSWER',
      'ambiguous',
      'item',
    ],
    [
      'libCURL error: Timeout was reached while accessing http://x/instances',
      'DESTINATION_NO_ANSWER',
      'ambiguous',
      'item',
    ],
    [
      'DicomAssociation - C-STORE to AET "X": Peer aborted Association (or never connected)',
      'DESTINATION_CONNECTION_LOST',
      'ambiguous',
      'item',
    ],
    [
      'The STOW-RS server was only able to receive 1 instances out of 4',
      'DESTINATION_TOOK_A_PART',
      'ambiguous',
      'item',
    ],
    ['', 'DESTINATION_FAILED', 'ambiguous', 'item'],
  ])('%s', (details, code, kind, scope) => {
    expect(named({ details })).toMatchObject({ code, kind, scope });
  });

  it.each([
    [0xa700, 'DESTINATION_OUT_OF_RESOURCES', 'transient', '0xA700'],
    [0xa701, 'DESTINATION_OUT_OF_RESOURCES', 'transient', '0xA701'],
    [0xa900, 'INSTANCE_REFUSED', 'permanent', '0xA900'],
    [0xc000, 'INSTANCE_REFUSED', 'permanent', '0xC000'],
    [0x0122, 'SOP_CLASS_REFUSED', 'permanent', '0x0122'],
    [0x0110, 'DESTINATION_PROCESSING_FAILED', 'transient', '0x0110'],
  ])('a DIMSE status, told as a number or in words: %s', (dimseStatus, code, kind, shown) => {
    const expected = { code, kind, facts: { dimseStatus: shown } };
    expect(named({ dimseStatus })).toMatchObject(expected);
    const details = `C-STORE SCU to AET "X" has failed with DIMSE status ${shown}`;
    expect(named({ details })).toMatchObject(expected);
  });

  it.each([
    [0xa700, 'DESTINATION_OUT_OF_RESOURCES', 'transient', '0xA700'],
    [0xa900, 'QUERY_REFUSED', 'transient', '0xA900'],
    [0xc000, 'QUERY_REFUSED', 'transient', '0xC000'],
    [0xc001, 'QUERY_REFUSED', 'transient', '0xC001'],
    [0x0122, 'SOP_CLASS_REFUSED', 'permanent', '0x0122'],
  ])('a DIMSE status to a C-FIND: %s', (_, code, kind, shown) => {
    const details = `C-FIND SCU to AET "X" has failed with DIMSE status ${shown}`;
    expect(named({ details, isQuery: true }, 'nothing')).toMatchObject({
      code,
      kind,
      scope: 'item',
      facts: { dimseStatus: shown },
    });
  });

  it.each([
    [2015, 'SOP_CLASS_REFUSED', 'permanent'],
    [29, 'DESTINATION_UNAUTHORIZED', 'configuration'],
    [7, 'DESTINATION_UNKNOWN', 'configuration'],
    [17, 'DESTINATION_ANSWERS_NOT_FOUND', 'configuration'],
  ])('an error by its number: %s', (orthancStatus, code, kind) => {
    expect(named({ orthancStatus })).toMatchObject({ code, kind });
  });

  it('leaves nothing in doubt where it was only asked', () => {
    expect(named({ details: 'Peer aborted Association' }, 'nothing').kind).toBe('transient');
    expect(named({ details: '' }, 'nothing').kind).toBe('transient');
  });

  it('is never repeated: it may hold a name or an address', () => {
    const failure = named({ details: 'C-FIND of DOE^JOHN at http://user:hunter2@x aborted' });
    expect(JSON.stringify([failure.message, failure.facts])).not.toMatch(/DOE|hunter2/);
  });
});
