import { asFailure, describeFailure } from '@orthanc-tools/failures';
import type { Orthanc, SystemFacts } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';

type Verdict = DoctorFinding['verdict'];
type Find = (check: string, verdict: Verdict, found: string, remedy?: string) => DoctorFinding;

const finder =
  (subject: string): Find =>
  (check, verdict, found, remedy) => ({
    subject,
    check,
    verdict,
    found,
    ...(remedy === undefined ? {} : { remedy }),
  });

/** What a careful administrator would look at on one server before a clone; each finding with its remedy. */
export async function examineServer(
  subject: 'source' | 'destination',
  orthanc: Orthanc,
  now: () => Date,
): Promise<DoctorFinding[]> {
  const find = finder(subject);
  let facts: SystemFacts;
  try {
    facts = await orthanc.system();
  } catch (error) {
    return [unreachable(error, find)];
  }
  const findings = [
    find('answer', 'ok', `Orthanc ${facts.version} at ${orthanc.url}, credentials accepted`),
    transport(orthanc.url, find),
    ...versionFindings(facts, find),
    ...proofFindings(subject, facts, find),
    await pluginFinding(subject, orthanc, find),
    ...(await capacityFindings(subject, orthanc, facts, find)),
    await clockFinding(orthanc, now, find),
    find(
      'TCP_NODELAY',
      'unknown',
      'not told by Orthanc',
      'Set TCP_NODELAY=1 in the environment of Orthanc: without it C-STORE and C-MOVE stall some 90 ms per instance.',
    ),
  ];
  return findings;
}

function unreachable(error: unknown, find: Find): DoctorFinding {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  const remedies: Record<string, string> = {
    ORTHANC_UNREACHABLE: 'Check the address, the firewall and whether RemoteAccessAllowed is true.',
    ORTHANC_UNAUTHORIZED: 'Check user and password or the API key; they must be allowed to read and write.',
    ORTHANC_TLS:
      'Give the authority with --source-ca or --dest-ca, or a client certificate where the server asks for one.',
    ORTHANC_NOT_FOUND: 'The path is wrong: give the root of the REST API, where /system answers.',
  };
  const remedy = remedies[failure.code] ?? 'Check the address.';
  return find('answer', 'fault', describeFailure(failure).message, remedy);
}

function transport(url: string, find: Find): DoctorFinding {
  if (url.startsWith('https:')) return find('TLS', 'ok', 'encrypted');
  const isLocal = /^http:\/\/(localhost|127\.|\[::1\])/.test(url);
  return isLocal
    ? find('TLS', 'ok', 'not encrypted, on this machine')
    : find(
        'TLS',
        'warning',
        'not encrypted',
        'Patient data and passwords cross the network readable: use https.',
      );
}

function versionFindings(facts: SystemFacts, find: Find): DoctorFinding[] {
  return [
    facts.hasExtendedFind
      ? find('ExtendedFind', 'ok', 'offered')
      : find(
          'ExtendedFind',
          'warning',
          'not offered',
          'Proof costs one request per instance: use Orthanc 1.12.5 or newer with SQLite or PostgreSQL.',
        ),
    facts.hasExtendedChanges
      ? find('ExtendedChanges', 'ok', 'offered')
      : find(
          'ExtendedChanges',
          'warning',
          'not offered',
          'The whole change log is read: use Orthanc 1.12.5 or newer.',
        ),
  ];
}

function proofFindings(subject: string, facts: SystemFacts, find: Find): DoctorFinding[] {
  const md5 =
    facts.storesMd5 === false
      ? find(
          'stored MD5',
          'warning',
          'not kept',
          'Set StoreMD5ForAttachments to true: otherwise an instance is proved by its ID and size only.',
        )
      : find('stored MD5', 'ok', facts.storesMd5 === true ? 'kept' : 'kept unless configured otherwise');
  if (subject === 'source') return [md5];
  return [
    md5,
    facts.ingestTranscoding
      ? find(
          'transcoding on arrival',
          'warning',
          `to ${facts.ingestTranscoding}`,
          'Instances are stored with other bytes and cannot be proved equal: switch IngestTranscoding off during the clone.',
        )
      : find(
          'transcoding on arrival',
          facts.ingestTranscoding === '' ? 'ok' : 'unknown',
          facts.ingestTranscoding === '' ? 'none' : 'not told by this version',
        ),
    find(
      'overwrite mode',
      'ok',
      `${facts.overwrite ?? 'not told'}; the cloner never sends what is there already`,
    ),
    facts.isReadOnly
      ? find('writing', 'fault', 'read-only', 'Set ReadOnly to false.')
      : find('writing', 'ok', 'allowed'),
  ];
}

async function pluginFinding(subject: string, orthanc: Orthanc, find: Find): Promise<DoctorFinding> {
  const has = (await orthanc.dicomWeb()) !== undefined;
  if (has)
    return find(
      'DICOMweb plugin',
      'ok',
      subject === 'source'
        ? 'whole series are read by one request'
        : 'many instances are stored by one request',
    );
  return find(
    'DICOMweb plugin',
    'warning',
    'missing',
    'The copy works, but slower: enable the DICOMweb plugin.',
  );
}

async function capacityFindings(
  subject: string,
  orthanc: Orthanc,
  facts: SystemFacts,
  find: Find,
): Promise<DoctorFinding[]> {
  const { studies, instances, uncompressedSize } = await orthanc.statistics();
  const held = find(
    'content',
    'ok',
    `${String(studies)} studies, ${String(instances)} instances, ${String(Math.round(uncompressedSize / 1e6))} MB`,
  );
  const limitMb = facts.maximumStorageSizeMb ?? 0;
  const isLimited = limitMb > 0 || (facts.maximumPatientCount ?? 0) > 0;
  if (!isLimited || subject === 'source')
    return [held, find('storage limit', 'ok', isLimited ? 'set' : 'none')];
  const mode = facts.maximumStorageMode ?? 'Recycle';
  return [
    held,
    mode === 'Recycle'
      ? find(
          'storage limit',
          'warning',
          `${String(limitMb)} MB, oldest patients are deleted`,
          'A clone that exceeds it loses patients silently: raise MaximumStorageSize or set MaximumStorageMode to Reject.',
        )
      : find('storage limit', 'ok', `${String(limitMb)} MB, more is refused`),
  ];
}

const clockLimitMs = 60_000;

async function clockFinding(orthanc: Orthanc, now: () => Date, find: Find): Promise<DoctorFinding> {
  const told = await orthanc.now();
  const differenceMs = Math.abs(told.getTime() - now().getTime());
  const found = `${String(Math.round(differenceMs / 1000))} s apart`;
  return differenceMs > clockLimitMs
    ? find(
        'clock',
        'warning',
        found,
        'Synchronise the clocks (NTP): times in logs and reports cannot be compared.',
      )
    : find('clock', 'ok', found);
}
