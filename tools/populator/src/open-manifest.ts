import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { makeFolder, nameOf } from '@orthanc-tools/tool-options';
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

/**
 * A former manifest stays until the run ends, however it ends: until then the lines stand in `.part`.
 * @throws `MANIFEST_UNWRITABLE`
 */
export function openManifest(path: string): Manifest {
  makeFolder(dirname(path), { option: 'manifest', code: 'MANIFEST_UNWRITABLE' });
  const writing = <Value>(action: () => Value): Value => {
    try {
      return action();
    } catch (cause) {
      const message = `${nameOf('manifest')}: the file "${path}" cannot be written.`;
      throw configurationError('MANIFEST_UNWRITABLE', message, { cause });
    }
  };
  const place = writing(() => placeFor(path));
  const file = writing(() => openSync(place.written, 'w'));
  let [held, isWhole] = ['', true];
  const flush = () => {
    const bytes = Buffer.from(held);
    held = '';
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    } catch (error) {
      isWhole = false;
      throw error;
    }
  };
  return {
    add(made) {
      held += manifestLine(made);
      if (held.length >= holdsBack) writing(flush);
    },
    [Symbol.dispose]() {
      writing(() => {
        try {
          if (isWhole) flush();
        } finally {
          closeSync(file);
          conclude(place, isWhole);
        }
      });
    },
  };
}

interface Place {
  readonly written: string;
  /** Where it belongs in the end. */
  readonly final: string;
}

/** What is no file, as /dev/stdout, is written to as it is; a link is followed, not replaced. */
function placeFor(path: string): Place {
  if (!existsSync(path)) return { written: `${path}.part`, final: path };
  // A pipe has no path to be followed to: /dev/stdout, and what a shell puts in the place of >(…).
  if (!statSync(path).isFile()) return { written: path, final: path };
  const final = realpathSync(path);
  return { written: `${final}.part`, final };
}

/** What lacks lines, as the disk is full, takes no place. */
function conclude({ written, final }: Place, isWhole: boolean): void {
  if (written === final) return;
  if (isWhole) replace(final, written);
  else rmSync(written, { force: true });
}

function replace(final: string, written: string): void {
  try {
    renameSync(written, final);
  } catch (error) {
    // A file that is mounted by itself can be written, and not replaced.
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    copyFileSync(written, final);
    rmSync(written);
  }
}
