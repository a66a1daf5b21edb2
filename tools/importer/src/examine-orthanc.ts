import type { Finding } from '@orthanc-tools/failures';
import type { OrthancConnection } from '@orthanc-tools/orthanc-client';
import {
  type Check,
  digits,
  examineServer,
  labels,
  rightToStore,
  storedMd5,
  transcodingOnArrival,
} from '@orthanc-tools/server-examination';

/** What a careful administrator would look at on the server before an import. */
export function examineOrthanc(connection: () => OrthancConnection, hasLabels: boolean): Promise<Finding[]> {
  return examineServer(
    {
      subject: 'Orthanc',
      flags: '-',
      asker: { command: 'orthanc-importer', name: 'the importer', work: 'the import' },
      connection,
      refused: ({ message }, find) => [
        find('answer', 'problem', message, 'Correct the address, user, password, key or certificates.'),
      ],
    },
    [
      version,
      rightToStore,
      readOnly,
      storedMd5('Set StoreMD5ForAttachments to true for a stronger proof.'),
      overwriting,
      limits,
      transcodingThatHarms,
      ...(hasLabels ? [neededLabels] : []),
    ],
  );
}

const version: Check = {
  name: 'version',
  look: ({ facts, orthanc, find }) => find('version', 'ok', `Orthanc ${facts.version} at ${orthanc.url}`),
};

const readOnly: Check = {
  name: 'read-only',
  look: ({ facts, find }) =>
    facts.isReadOnly ? find('read-only', 'problem', 'it is read-only', 'Set ReadOnly to false.') : [],
};

/** Not the check of other tools: to the importer the setting means nothing. */
const overwriting: Check = {
  name: 'overwriting',
  look: ({ facts: { overwrite }, find }) =>
    overwrite === undefined
      ? find('overwriting', 'unknown', 'not told; the importer asks what is there before it sends anything')
      : find('overwriting', 'ok', `${overwrite}; the importer itself overwrites nothing`),
};

/** What makes Orthanc refuse, or delete what was imported. */
const limits: Check = {
  name: 'limits',
  look({ facts, find }) {
    const { maximumStorageSizeMb = 0, maximumPatientCount = 0, maximumStorageMode = 'Recycle' } = facts;
    const set = [
      ...(maximumStorageSizeMb > 0 ? [`${digits(maximumStorageSizeMb)} MB`] : []),
      ...(maximumPatientCount > 0 ? [`${digits(maximumPatientCount)} patients`] : []),
    ].join(' and ');
    if (set === '') return find('limits', 'ok', 'none is set');
    const beyond = maximumStorageMode === 'Recycle' ? 'deletes the oldest patients' : 'refuses';
    const remedy = 'Raise MaximumStorageSize and MaximumPatientCount, or set them to 0, for the import.';
    return find('limits', 'warning', `${set}; beyond that it ${beyond}`, remedy);
  },
};

const transcoding = transcodingOnArrival(
  'Instances are stored with other bytes and cannot be proved equal: switch IngestTranscoding off during the import.',
);

/** Said only where it is set. */
const transcodingThatHarms: Check = {
  ...transcoding,
  look: (examined) => (examined.facts.ingestTranscoding ? transcoding.look(examined) : []),
};

const neededLabels = labels({
  verdict: 'problem',
  found: 'not supported',
  remedy: 'Use Orthanc 1.12.0 or newer, or no labels.',
});
