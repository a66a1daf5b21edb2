import { describe, expect, it } from '@jest/globals';
import { readIdentifiers } from '@orthanc-tools/dicom-files';
import { edgeCases } from './catalogue.ts';
import { synthesizeEdgeCases } from './synthesize-edge-cases.ts';

const names = edgeCases.map(({ name }) => name);
const make = (seed: number, chosen = names) => synthesizeEdgeCases({ seed, names: chosen, firstStudy: 10 });
const hashesOf = (seed: number, chosen = names) =>
  make(seed, chosen).flatMap((study) => [...study.instances()].map((instance) => instance.sha256()));

describe('the edge cases', () => {
  it('are the same for the same seed, others for another, whichever are made beside them', () => {
    expect(hashesOf(1)).toEqual(hashesOf(1));
    const others = new Set(hashesOf(2));
    expect(hashesOf(1).filter((hash) => others.has(hash))).toEqual([]);
    expect(hashesOf(1, ['huge-text'])).toEqual(
      make(1)
        .filter(({ edgeCase }) => edgeCase === 'huge-text')
        .flatMap((study) => [...study.instances()].map((instance) => instance.sha256())),
    );
  });

  it('each bear their name, and an index of their own', () => {
    const studies = make(1);
    expect(new Set(studies.map(({ edgeCase }) => edgeCase))).toEqual(new Set(names));
    expect(studies.map(({ index }) => index)).toEqual(studies.map((_, at) => at + 10));
  });

  it.each(edgeCases.filter(({ name }) => name !== 'no-preamble'))(
    'say what their files say: $name',
    ({ name }) => {
      for (const study of make(1, [name]))
        for (const { bytes, identifiers, sopClassUid, transferSyntaxUid } of study.instances()) {
          const read = readIdentifiers(bytes);
          expect({ ...read, patientId: read.patientId.trimEnd() }).toEqual({
            ...identifiers,
            patientId: identifiers.patientId.trimEnd(),
            sopClassUid,
            transferSyntaxUid,
          });
        }
    },
  );

  const instancesOf = (name: (typeof names)[number]) =>
    make(1, [name]).flatMap((study) => [...study.instances()]);

  it('are what they are called', () => {
    expect(instancesOf('long-uid').map(({ identifiers }) => identifiers.sopInstanceUid.length)).toEqual([64]);
    const [first, second] = instancesOf('shared-sop-uid').map(({ identifiers }) => identifiers);
    expect(first?.sopInstanceUid).toBe(second?.sopInstanceUid);
    expect(first?.studyInstanceUid).not.toBe(second?.studyInstanceUid);
    const [one, two, ...more] = make(1, ['duplicate-accession']).map(
      ({ accessionNumber }) => accessionNumber,
    );
    expect([two, more]).toEqual([one, []]);
    expect(instancesOf('odd-length').every(({ bytes }) => bytes.length % 2 === 1)).toBe(true);
    expect(instancesOf('huge-text').every(({ bytes }) => bytes.length > 1024 * 1024 * 0.99)).toBe(true);
    expect(instancesOf('no-preamble').every(({ bytes }) => bytes.readUInt16LE(0) === 8)).toBe(true);
  });
});
