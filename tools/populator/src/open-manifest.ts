import { closeSync, openSync, writeSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { MadeInstance } from './made-instance.ts';

const holdsBack = 64 * 1024;

/** The ground truth: what was made, whatever became of it. Orthanc identifiers are those that Orthanc will compute. */
const manifestLine = ({ inHand, series, seriesNumber, instance }: MadeInstance): string => {
  const { study } = inHand;
  const { patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance.identifiers;
  return `${JSON.stringify({
    study: study.index + 1,
    series: seriesNumber,
    instance: instance.instanceNumber,
    patientId,
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
    ...(study.edgeCase === undefined ? {} : { edgeCase: study.edgeCase }),
    modality: series.modality,
    sopClassUid: instance.sopClassUid,
    transferSyntaxUid: instance.transferSyntaxUid,
    orthancId: instance.orthancIds().instance,
    bytes: instance.bytes.length,
    sha256: instance.sha256(),
  })}\n`;
};

export interface Manifest extends Disposable {
  add(made: MadeInstance): void;
}

/** @throws `MANIFEST_UNWRITABLE` */
export function openManifest(path: string): Manifest {
  const writing = <Value>(action: () => Value): Value => {
    try {
      return action();
    } catch (cause) {
      const message = `${nameOf('manifest')}: the file "${path}" cannot be written.`;
      throw configurationError('MANIFEST_UNWRITABLE', message, { cause });
    }
  };
  const file = writing(() => openSync(path, 'w'));
  let held = '';
  const flush = () => {
    const bytes = Buffer.from(held);
    held = '';
    writing(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    });
  };
  return {
    add(made) {
      held += manifestLine(made);
      if (held.length >= holdsBack) flush();
    },
    [Symbol.dispose]() {
      try {
        flush();
      } finally {
        closeSync(file);
      }
    },
  };
}
